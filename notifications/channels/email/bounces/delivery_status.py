"""Delivery status notifications (RFC 3464): one block of fields for each recipient."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from notifications.types.enums import BounceKind

from .addresses import clean
from .classification import status_in

MAX_RECIPIENTS = 40
_FIELD = re.compile(
    r"^[ \t>]{0,8}(action|status|[a-z]{1,20}-[a-z0-9-]{1,40}):[ \t]*",
    re.IGNORECASE,
)
_KINDS = {
    "failed": BounceKind.BOUNCE,
    "failure": BounceKind.BOUNCE,
    "fail": BounceKind.BOUNCE,
    "error": BounceKind.BOUNCE,  # OpenSMTPD
    "expired": BounceKind.BOUNCE,
    "delayed": BounceKind.DELAYED,
    "delivered": BounceKind.DELIVERED,
    "relayed": BounceKind.DELIVERED,
    "expanded": BounceKind.DELIVERED,
}
_RECIPIENTS = ("final-recipient", "original-recipient", "x-actual-recipient")
_TYPE = re.compile(r"^[a-z0-9-]{1,20}\s?;\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """The fields of a report for one recipient."""

    recipient: str
    """Empty when no field holds an address."""
    kind: BounceKind
    status: str
    answer: str
    """The text of Diagnostic-Code without its type."""


def entries(text: str) -> Iterator[Entry]:
    """Yield a report's recipients, even if blank lines are missing or a field continues on an unindented line."""
    for count, fields in enumerate(_blocks(text)):
        if count >= MAX_RECIPIENTS:
            return
        yield _entry(fields)


def _blocks(text: str) -> Iterator[dict[str, str]]:
    """Parsed by hand: the standard library stops at the first line that is no header, and many reports contain one."""
    fields: dict[str, str] = {}
    name = ""
    for line in text.split("\n"):
        if found := _FIELD.match(line):
            name = found[1].lower()
            if name in fields and name in ("final-recipient", "action", "original-recipient"):
                if _is_recipient(fields):
                    yield fields
                fields = {}
            fields.setdefault(name, line[found.end() :].strip())
        elif not line.strip():
            name = ""
            if _is_recipient(fields) and ("action" in fields or "status" in fields):
                yield fields
                fields = {}
        elif name and len(fields[name]) < 2000:
            fields[name] += " " + line.strip()
    if _is_recipient(fields):
        yield fields


def _is_recipient(fields: dict[str, str]) -> bool:
    return any(name in fields for name in _RECIPIENTS)


def _entry(fields: dict[str, str]) -> Entry:
    recipient = next((found for name in _RECIPIENTS if (found := clean(fields.get(name, "")))), "")
    answer = _TYPE.sub("", fields.get("diagnostic-code", ""))
    action = re.split(r"[\s;(]", fields.get("action", "failed").lower(), maxsplit=1)[0]
    return Entry(recipient, _KINDS.get(action, BounceKind.DELAYED), status_in(fields.get("status", "")), answer)
