"""What messages come wrapped in: queues, topics and buses put theirs around one or many."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from pydantic_core import from_json, to_json

from notifications.types.enums import ParkReason

from ..base import MAX_PARTS, DeadLetterError, Part, id_of_content
from .fields import Fields

PAYOUT = "listPayouts"
PERFORMANCE = "GET_V2_SELLER_PERFORMANCE_REPORT"

_DEEPEST = 8
"""Wrappers in wrappers; a message of a topic in a queue in a list is three."""
_MAX_ID_LENGTH = 200
_TYPE = re.compile(r"[A-Z0-9_]{1,80}")
_BOM = b"\xef\xbb\xbf"

Found = tuple[str, bytes]
"""A type and the message of it."""


def take_apart(body: bytes) -> list[Part]:
    """Every message of a body, in order, up to one too many. Raises ParkedError when it is not JSON."""
    found = islice(_unwrapped(read_json(body), body, _DEEPEST), MAX_PARTS + 1)
    return [Part(_id_of(kind, raw), kind, raw) for kind, raw in found]


def read_json(raw: bytes | str) -> Any:
    """The value of a JSON text. Raises ParkedError."""
    try:
        return from_json(raw.removeprefix(_BOM) if isinstance(raw, bytes) else raw, allow_inf_nan=False)
    except ValueError:
        raise DeadLetterError(ParkReason.UNREADABLE, "It is not JSON in UTF-8.") from None


def _unwrapped(value: Any, raw: bytes | None, depth: int) -> Iterator[Found]:
    """`raw` is how the value came, where it stands by itself."""
    inside = _inside(value) if depth else None
    if inside is None:
        yield _type_of(value), to_json(value) if raw is None else raw
        return
    for one in inside:
        if isinstance(one, str):
            yield from _text(one, depth - 1)
        else:
            yield from _unwrapped(one, None, depth - 1)


def _text(text: str, depth: int) -> Iterator[Found]:
    """A message written as text in another. One that is no JSON spoils only itself."""
    raw = text.encode(errors="replace")
    try:
        value = read_json(text)
    except DeadLetterError:
        yield "", raw
        return
    yield from _unwrapped(value, raw, depth)


def _inside(value: Any) -> list[Any] | None:
    """What a wrapper holds; None when it is none."""
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        return None
    known = {name.casefold(): found for name, found in value.items()}
    if "notificationtype" in known:
        return None
    for several, one in (("messages", "body"), ("records", "body"), ("static", "response")):
        if isinstance(known.get(several), list):
            return [_held_by(entry, one) for entry in known[several]]
    if isinstance(known.get("payouts"), list):
        return [{"payout": one} for one in known["payouts"]]
    if known.get("type") == "Notification" and isinstance(known.get("message"), str):
        return [known["message"]]  # Amazon SNS
    if isinstance(known.get("detail"), dict):
        return [known["detail"]]  # Amazon EventBridge
    return None


def _held_by(entry: Any, name: str) -> Any:
    """The message of an entry; what is no such entry is taken for the message itself."""
    if isinstance(entry, dict):
        known = {key.casefold(): found for key, found in entry.items()}
        if name in known:
            return known[name]
        if isinstance(known.get("sns"), dict):
            return {"Type": "Notification", "Message": known["sns"].get("Message")}
    return entry


def _type_of(value: Any) -> str:
    if not isinstance(value, dict):
        return ""
    known = {name.casefold(): found for name, found in value.items()}
    if "notificationtype" in known:
        named = known["notificationtype"]
        return named if isinstance(named, str) and _TYPE.fullmatch(named) else ""
    if isinstance(known.get("payout"), dict):
        return PAYOUT
    return PERFORMANCE if "performancemetrics" in known else ""


def _id_of(kind: str, raw: bytes) -> str:
    """The source's own, with the type: the API's own examples share one ID among several types."""
    try:
        value = read_json(raw)
        metadata = Fields(value).maybe_inner("NotificationMetadata") if isinstance(value, dict) else Fields({})
        own = metadata.maybe_text("NotificationId", max_length=_MAX_ID_LENGTH - 81)
    except DeadLetterError:
        own = None
    return f"{kind}:{own}" if kind and own else id_of_content(raw)
