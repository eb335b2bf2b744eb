"""LINE messages, and their check against LINE's limits before they are sent.

https://developers.line.biz/en/reference/messaging-api/#flex-message
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from pydantic_core import to_json

MAX_ALT_TEXT_LENGTH = 1500
MAX_BUBBLE_BYTES = 30 * 1024
MAX_BUBBLES = 12
MAX_CAROUSEL_BYTES = 50 * 1024
MAX_URI_LENGTH = 1000
MAX_POSTBACK_LENGTH = 300
MAX_LABEL_LENGTH = 40
_LIMITS = {"uri": MAX_URI_LENGTH, "data": MAX_POSTBACK_LENGTH, "label": MAX_LABEL_LENGTH}


class LineMessage(NamedTuple):
    """One bubble, or a carousel of them, for one LINE user."""

    delivery_id: UUID
    """Also the retry key: LINE accepts the same one only once within 24 hours."""
    to: str
    alt_text: str
    """Shown in notifications and on old devices."""
    contents: Mapping[str, Any]
    """Flex JSON."""


def units(text: str) -> int:
    """Return the length as LINE counts it: in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int) -> str:
    """Shorten a text to `limit` UTF-16 units where it is longer."""
    if units(text) <= limit:
        return text
    kept = text[: limit - 1]
    while units(kept) > limit - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def too_large(alt_text: str, contents: Mapping[str, Any]) -> str:
    """Return the part that exceeds LINE's limits, such as `altText`; empty when the message fits."""
    if not 0 < units(alt_text) <= MAX_ALT_TEXT_LENGTH:
        return "altText"
    carousel = contents.get("type") == "carousel"
    bubbles = contents.get("contents", []) if carousel else [contents]
    if not 0 < len(bubbles) <= MAX_BUBBLES or (carousel and len(to_json(contents)) > MAX_CAROUSEL_BYTES):
        return "contents"
    for bubble in bubbles:
        if len(to_json(bubble)) > MAX_BUBBLE_BYTES:
            return "bubble"
        for action in _actions(bubble):
            for name, limit in _LIMITS.items():
                if name in action and units(str(action[name])) > limit:
                    return f"action.{name}"
    return ""


def _actions(part: Any) -> Iterator[Mapping[str, Any]]:
    parts = [part]
    while parts:  # recursive generators took longer than composing the message
        one = parts.pop()
        if isinstance(one, dict):
            if isinstance(one.get("action"), dict):
                yield one["action"]
            parts += [value for value in one.values() if isinstance(value, dict | list)]
        else:
            parts += [value for value in one if isinstance(value, dict | list)]
