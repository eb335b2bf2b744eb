"""What goes to LINE, held against LINE's limits before it goes.

https://developers.line.biz/en/reference/messaging-api/#flex-message
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from pydantic_core import to_json

LONGEST_ALT_TEXT = 1500
LARGEST_BUBBLE = 30 * 1024
MOST_BUBBLES = 12
LARGEST_CAROUSEL = 50 * 1024
LONGEST_URI = 1000
LONGEST_POSTBACK = 300
LONGEST_LABEL = 40
_LIMITS = {"uri": LONGEST_URI, "data": LONGEST_POSTBACK, "label": LONGEST_LABEL}


class LineMessage(NamedTuple):
    """One bubble, or a carousel of them, for one LINE user."""

    delivery_id: UUID
    """Also the retry key: LINE takes the same one only once within 24 hours."""
    to: str
    alt_text: str
    """What notifications and old devices show."""
    contents: Mapping[str, Any]
    """Flex JSON."""


def units(text: str) -> int:
    """The length as LINE counts it: in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int) -> str:
    """The text, shortened to so many UTF-16 units where it is longer."""
    if units(text) <= limit:
        return text
    kept = text[: limit - 1]
    while units(kept) > limit - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def too_large(alt_text: str, contents: Mapping[str, Any]) -> str:
    """What LINE would refuse, named by its place; empty when it fits."""
    if not 0 < units(alt_text) <= LONGEST_ALT_TEXT:
        return "altText"
    carousel = contents.get("type") == "carousel"
    bubbles = contents.get("contents", []) if carousel else [contents]
    if not 0 < len(bubbles) <= MOST_BUBBLES or (carousel and len(to_json(contents)) > LARGEST_CAROUSEL):
        return "contents"
    for bubble in bubbles:
        if len(to_json(bubble)) > LARGEST_BUBBLE:
            return "bubble"
        for action in _actions(bubble):
            for name, limit in _LIMITS.items():
                if name in action and units(str(action[name])) > limit:
                    return f"action.{name}"
    return ""


def _actions(part: Any) -> Iterator[Mapping[str, Any]]:
    parts = [part]
    while parts:  # a recursion of generators took longer than to write the message
        one = parts.pop()
        if isinstance(one, dict):
            if isinstance(one.get("action"), dict):
                yield one["action"]
            parts += [value for value in one.values() if isinstance(value, dict | list)]
        else:
            parts += [value for value in one if isinstance(value, dict | list)]
