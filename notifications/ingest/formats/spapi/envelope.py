"""Unwrap messages from SQS, SNS, EventBridge and lists; one body may hold many."""

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
"""The most nested wrappers; an SNS message in an SQS queue in a list makes three."""
_MAX_ID_LENGTH = 200
_TYPE = re.compile(r"[A-Z0-9_]{1,80}")
_BOM = b"\xef\xbb\xbf"

Found = tuple[str, bytes]
"""A type and the raw message."""


def take_apart(body: bytes) -> list[Part]:
    """Return the messages of a body in order, at most MAX_PARTS + 1. Raises DeadLetterError when it is not JSON."""
    found = islice(_unwrapped(read_json(body), body, _DEEPEST), MAX_PARTS + 1)
    return [Part(_id_of(kind, raw), kind, raw) for kind, raw in found]


def read_json(raw: bytes | str) -> Any:
    """Parse a JSON text. Raises DeadLetterError."""
    try:
        return from_json(raw.removeprefix(_BOM) if isinstance(raw, bytes) else raw, allow_inf_nan=False)
    except ValueError:
        raise DeadLetterError(ParkReason.UNREADABLE, "It is not JSON in UTF-8.") from None


def _unwrapped(value: Any, raw: bytes | None, depth: int) -> Iterator[Found]:
    """Yield the messages in `value`; `raw` are its original bytes where it is not part of another message."""
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
    """Yield the messages in a JSON text; one that is not JSON is yielded as it is and spoils only itself."""
    raw = text.encode(errors="replace")
    try:
        value = read_json(text)
    except DeadLetterError:
        yield "", raw
        return
    yield from _unwrapped(value, raw, depth)


def _inside(value: Any) -> list[Any] | None:
    """Return the entries of a wrapper; None when `value` is not one."""
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
    """Return the message of an entry, or the entry itself when it does not have one."""
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
    """Return the source's ID with the type: the API's own examples share one ID among several types."""
    try:
        value = read_json(raw)
        metadata = Fields(value).maybe_inner("NotificationMetadata") if isinstance(value, dict) else Fields({})
        own = metadata.maybe_text("NotificationId", max_length=_MAX_ID_LENGTH - 81)
    except DeadLetterError:
        own = None
    return f"{kind}:{own}" if kind and own else id_of_content(raw)
