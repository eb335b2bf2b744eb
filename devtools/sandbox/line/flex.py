"""What LINE refuses in a bubble beyond what its models say.

https://developers.line.biz/en/reference/messaging-api/#flex-message
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from devtools.sandbox.line.models import Problem, problems

MAX_BUBBLE_BYTES, MAX_CAROUSEL_BYTES, MAX_BUBBLES = 30 * 1024, 50 * 1024, 12
MAX_LABEL_LENGTH = {"button": 40}
MAX_OTHER_LABEL_LENGTH = 20
MAX_URI_LENGTH = 1_000
_BLOCKS = ("header", "hero", "body", "footer")
_LIMITS = {"data": 300, "displayText": 300, "text": 300, "fillInText": 300}
_REQUIRED = {"uri": "uri", "postback": "data", "message": "text"}
_SCHEMES = ("https://", "http://", "line://", "tel:", "mailto:")
_IN_BASELINE = ("icon", "text", "filler", "span")
_PIXELS = r"\d+(\.\d+)?px"
_STEPS = f"none|xs|sm|md|lg|xl|xxl|{_PIXELS}"
_TEXT_SIZES = f"xxs|xs|sm|md|lg|xl|xxl|3xl|4xl|5xl|{_PIXELS}"
_IMAGE_SIZES = rf"{_TEXT_SIZES}|full|\d+(\.\d+)?%"
_COLOUR = r"#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?"
_FORMS = {
    name: re.compile(form)
    for form, names in (
        (_COLOUR, ("color", "backgroundColor", "borderColor", "separatorColor")),
        (_STEPS, ("margin", "spacing", "cornerRadius")),
        (rf"{_STEPS}|\d+(\.\d+)?%", [f"padding{side}" for side in ("All", "Top", "Bottom", "Start", "End")]),
        (rf"{_PIXELS}|light|normal|semi-bold|bold|none", ("borderWidth",)),
        (rf"{_STEPS}|\d+(\.\d+)?%", [f"offset{side}" for side in ("Top", "Bottom", "Start", "End")]),
        (rf"{_PIXELS}|\d+(\.\d+)?%", ("width", "maxWidth", "maxHeight")),
    )
    for name in names
}
_SIZES = {"text": re.compile(_TEXT_SIZES), "image": re.compile(_IMAGE_SIZES), "icon": re.compile(_TEXT_SIZES)}


def wrong(contents: Any) -> Iterator[Problem]:
    """Places are paths into `contents`, as LINE writes them."""
    found = list(problems("FlexContainer", contents))
    yield from found
    if found:
        return
    carousel = contents["type"] == "carousel"
    bubbles = contents["contents"] if carousel else [contents]
    if not 0 < len(bubbles) <= MAX_BUBBLES:
        yield "/contents", f"Size must be between 1 and {MAX_BUBBLES}"
    if carousel and size(contents) > MAX_CAROUSEL_BYTES:
        yield "/", f"must not be larger than {MAX_CAROUSEL_BYTES} bytes"
    for number, bubble in enumerate(bubbles):
        place = f"/contents/{number}" if carousel else ""
        if not any(block in bubble for block in _BLOCKS):
            yield place or "/", "At least one block must be specified"
        if size(bubble) > MAX_BUBBLE_BYTES:
            yield place or "/", f"must not be larger than {MAX_BUBBLE_BYTES} bytes"
        for block in _BLOCKS:
            if block in bubble:
                yield from _part(bubble[block], f"{place}/{block}")


def size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def units(text: str) -> int:
    """The length as LINE counts it: in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _part(part: dict[str, Any], place: str) -> Iterator[Problem]:
    kind = part["type"]
    for name, value in part.items():
        form = _SIZES.get(kind) if name == "size" else _FORMS.get(name)
        if form is not None and not form.fullmatch(value):
            yield f"{place}/{name}", "invalid property"
    if kind == "text" and not part.get("text") and not part.get("contents"):
        yield f"{place}/text", "must be non-empty text"
    if kind in ("image", "icon") and not str(part.get("url", "")).startswith("https://"):
        yield f"{place}/url", "invalid uri scheme"
    if action := part.get("action"):
        longest = MAX_LABEL_LENGTH.get(kind, MAX_OTHER_LABEL_LENGTH)
        yield from of_action(action, f"{place}/action", longest, needs_label=kind == "button")
    if kind == "box":
        for number, one in enumerate(part["contents"]):
            here = f"{place}/contents/{number}"
            if part["layout"] == "baseline" and one["type"] not in _IN_BASELINE:
                yield here, "invalid property"
            yield from _part(one, here)


def of_action(action: dict[str, Any], place: str, longest_label: int, *, needs_label: bool) -> Iterator[Problem]:
    if needs_label and not action.get("label"):
        yield f"{place}/label", "must be specified"
    if units(str(action.get("label") or "")) > longest_label:
        yield f"{place}/label", f"must not be longer than {longest_label} characters"
    kind = action["type"]
    wanted = _REQUIRED.get(kind)
    if wanted and not action.get(wanted):
        yield f"{place}/{wanted}", "must be specified"
    for name, limit in _LIMITS.items():
        if units(str(action.get(name) or "")) > limit:
            yield f"{place}/{name}", f"must not be longer than {limit} characters"
    if kind == "uri" and (uri := action.get("uri")):
        if len(uri) > MAX_URI_LENGTH:
            yield f"{place}/uri", f"must not be longer than {MAX_URI_LENGTH} characters"
        if not uri.startswith(_SCHEMES):
            yield f"{place}/uri", "invalid uri scheme"
        elif re.search(r"[\s\"<>\\^`{|}]", uri):
            yield f"{place}/uri", "invalid uri"
