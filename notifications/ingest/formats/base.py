"""The protocol of a source format: split a body into parts, and convert each part to SellerHub events."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from accounts.models import SellerAccount
from notifications.models import Source
from notifications.types.enums import ParkReason

from ..pipeline import Event

MAX_PARTS = 1000
"""The most parts that one body may hold."""


class DeadLetterError(Exception):
    """A part cannot become an event. It is kept as a dead letter and can be replayed when the cause is fixed."""

    def __init__(self, reason: ParkReason, detail: str, *, account: SellerAccount | None = None) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.account = account
        """The seller account, where it is known already."""


@dataclass(frozen=True, slots=True)
class Part:
    """One message of a body, which can be parsed by itself later."""

    message_id: str
    """The source's own message ID, or one made from the content."""
    type: str
    """The message type in the source's terms."""
    raw: bytes


@dataclass(frozen=True, slots=True)
class ParsedPart:
    """The seller account and the events of one part, or why it was ignored."""

    account: SellerAccount | None
    events: tuple[Event, ...] = ()
    """Their keys are business keys, such as an order and its status, so that two messages notify of it once."""
    ignored: str = ""
    """The reason why sellers are not notified; then there are no events."""


class Format(Protocol):
    """The format that one kind of source sends."""

    def split(self, body: bytes, content_type: str) -> list[Part]:
        """Split a body into at most MAX_PARTS + 1 parts. Raises DeadLetterError when it cannot be read at all."""
        ...

    def read(self, source: Source, part: Part, *, now: datetime, stand_in: SellerAccount | None = None) -> ParsedPart:
        """Convert a part to events and store what later parts need; must run in a transaction. Raises DeadLetterError.
        `now` is when the message arrived, which for a replayed one may be long ago. `stand_in` is used for a seller
        that is not known.
        """
        ...


def id_of_content(raw: bytes) -> str:
    """Return a message ID for a part without one: the SHA-256 of its bytes, so equal bytes are the same message."""
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"
