"""What comes back of a mail, by its recipient."""

import re
from dataclasses import dataclass
from enum import Enum, StrEnum

MAX_HEAD_BYTES = 8 * 1024


class Kind(Enum):
    """What comes back, by the beginning of the local part. The first that fits counts."""

    FULL = "later-full"
    UNKNOWN = "later-unknown"
    BLOCKED = "later-blocked"
    DELAYED = "late"
    AWAY = "away"
    SPAM = "spam"


class Shape(StrEnum):
    """Whose reports look like that."""

    POSTFIX = "postfix"
    EXCHANGE = "exchange"
    GMAIL = "gmail"
    DOCOMO = "docomo"


_DOMAINS = (
    (Shape.GMAIL, re.compile(r"(?:gmail|googlemail)\.com")),
    (Shape.EXCHANGE, re.compile(r"(?:.+\.)?(?:outlook|hotmail|live|onmicrosoft)\.(?:com|jp|co\.jp)")),
    (Shape.DOCOMO, re.compile(r"docomo\.ne\.jp")),
)


@dataclass(frozen=True, slots=True)
class Returned:
    """One mail to be sent back."""

    kind: Kind
    shape: Shape
    recipient: str
    envelope_sender: str
    head: bytes
    """The headers of the mail that comes back."""


def returned_for(envelope_sender: str, recipient: str, raw: bytes) -> Returned | None:
    """What comes back; None for most, and for every mail that came back itself (RFC 5321, 4.5.5)."""
    address = recipient.lower()
    local, _at, domain = address.rpartition("@")
    # "later…" without one of the words that we know is a name like any other.
    kind = next((one for one in Kind if local.startswith(one.value)), None)
    if kind is Kind.DELAYED and local.startswith("later"):
        kind = None
    if kind is None or envelope_sender in ("", "<>"):
        return None
    head = raw.partition(b"\r\n\r\n")[0][:MAX_HEAD_BYTES]
    return Returned(kind, _shape(local, domain), recipient, envelope_sender, head)


def _shape(local: str, domain: str) -> Shape:
    for word in local.split(".")[1:]:
        if word in list(Shape):
            return Shape(word)
    return next((shape for shape, pattern in _DOMAINS if pattern.fullmatch(domain)), Shape.POSTFIX)
