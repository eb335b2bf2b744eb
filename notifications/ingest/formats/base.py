"""What every format of a source does: take a body apart, and say of each part what happened, in our words."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from accounts.models import SellerAccount
from notifications.models import Source
from notifications.types.enums import ParkReason

from ..pipeline import Event

MAX_PARTS = 1000
"""In one body."""


class DeadLetterError(Exception):
    """A part becomes no event. It is kept, and can be read again when the cause is mended."""

    def __init__(self, reason: ParkReason, detail: str, *, account: SellerAccount | None = None) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.account = account
        """Whose it is, where that is known already."""


@dataclass(frozen=True, slots=True)
class Part:
    """One message of a body, able to be read by itself later."""

    message_id: str
    """The source's own; where it has none, made from the content."""
    type: str
    """As the source names it."""
    raw: bytes


@dataclass(frozen=True, slots=True)
class ParsedPart:
    """What one part says."""

    account: SellerAccount | None
    events: tuple[Event, ...] = ()
    """Their keys are business keys, such as an order and its status: the same news is told once by any message."""
    ignored: str = ""
    """Why it is nothing for sellers; then there are no events."""


class Format(Protocol):
    """A kind of source."""

    def split(self, body: bytes, content_type: str) -> list[Part]:
        """Take a body apart, up to one part too many. Raises ParkedError when it cannot be read at all."""
        ...

    def read(self, source: Source, part: Part, *, now: datetime, stand_in: SellerAccount | None = None) -> ParsedPart:
        """Say what a part means; remembers what later parts need. Runs in a transaction. Raises ParkedError.

        `now` is when it arrived, which for a message read again may be long ago. `stand_in` takes the place of a
        seller that nobody knows.
        """
        ...


def id_of_content(raw: bytes) -> str:
    """A message ID for what has none of its own: the same bytes are the same message."""
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"
