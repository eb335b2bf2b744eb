"""JSON feeds: `{"orders": […]}`, each order with the fields of the columns and a list of its items."""

import json
from typing import Any

from django.utils.translation import gettext as _

from notifications.types.enums import ParkReason

from ..base import MAX_PARTS, DeadLetterError, Part
from .normalisation import spelled
from .parts import part_of
from .rows import Line, line_of

_ITEMS = {spelled(name) for name in ("items", "商品", "商品明細", "明細")}


def split(text: str) -> list[Part]:
    """Return one part for each order. Raises DeadLetterError when the text is not JSON of this shape."""
    try:
        # Keep numbers as text: nothing is rounded, and none is too long.
        feed = json.loads(text, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        raise DeadLetterError(ParkReason.UNREADABLE, _("The feed is not JSON.")) from None
    if not isinstance(feed, dict) or not isinstance(feed.get("orders"), list):
        raise DeadLetterError(
            ParkReason.UNREADABLE, _('The feed must be an object with a list of orders: {"orders": […]}.')
        )
    return [_part(f"orders[{number}]", order) for number, order in enumerate(feed["orders"][: MAX_PARTS + 1])]


def read(raw: dict[str, Any]) -> tuple[Line, ...]:
    """Return the part's lines, one for each item. Raises DeadLetterError, naming the path, if it is not an order."""
    path, order = raw["path"], raw["order"]
    fields = _object(path, order)
    items = next((value for name, value in fields.items() if spelled(name) in _ITEMS), None)
    own = [(name, value) for name, value in fields.items() if spelled(name) not in _ITEMS]
    if items is None or items == []:
        return (line_of(path, _texts(path, own)),)
    if not isinstance(items, list):
        raise _fault(f"{path}.items", _("This is not a list."))
    of_order = _texts(path, own)
    return tuple(
        line_of(place, [*_texts(place, list(_object(place, item).items())), *of_order])
        for place, item in ((f"{path}.items[{number}]", item) for number, item in enumerate(items))
    )


def _texts(place: str, fields: list[tuple[str, object]]) -> list[tuple[str, str]]:
    return [(name, _text(f"{place}.{name}", value)) for name, value in fields]


def _text(path: str, value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _fault(path, _("This is neither a text nor a number."))
    return value


def _object(path: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _fault(path, _("This is not an object."))
    return value


def _fault(path: str, problem: str) -> DeadLetterError:
    return DeadLetterError(ParkReason.UNKNOWN_SHAPE, f"{path[:200]}: {problem}")


def _part(path: str, order: object) -> Part:
    fields = order if isinstance(order, dict) else {}
    line = line_of(path, [(name, text) for name, text in fields.items() if isinstance(text, str)])
    try:
        return part_of(line, raw={"path": path, "order": order}, content=order)
    except RecursionError:
        raise DeadLetterError(ParkReason.UNREADABLE, _("The feed is nested too deeply.")) from None
