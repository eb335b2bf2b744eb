"""What every channel promises. Channels speak messages and outcomes, never rows."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from enum import Enum
from typing import NamedTuple, Protocol, TypeVar
from uuid import UUID

from ..types.enums import PauseReason


class SendResult(Enum):
    """What an answer means for the delivery."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    """Permanent: trying again cannot help."""
    DEFERRED = "deferred"
    """Temporary, said of this message: try again later."""
    UNREACHABLE = "unreachable"
    """Our own trouble (connection, authentication, 421): try again later, no address is blamed."""
    CANCELLED = "cancelled"
    """Not sent, because by now it must not be."""
    HELD = "held"
    """Not sent, because its address rests; kept until that is repaired."""


class PauseRequest(NamedTuple):
    """Why nothing at all can be sent by this channel for a while."""

    reason: PauseReason
    until: datetime | None
    """None: until somebody mends it."""
    detail: str = ""
    """The provider's own words."""


class Outcome(NamedTuple):
    """What became of one message."""

    delivery_id: UUID
    verdict: SendResult
    detail: str = ""
    """The provider's own words."""
    code: int | None = None
    pause_request: PauseRequest | None = None
    """Said of the whole channel, not of this message."""
    cause: str = ""
    """Why it does not arrive, in a word of ours; empty where that is not known."""


class SendableMessage(Protocol):
    """What a channel needs to know of any message."""

    @property
    def delivery_id(self) -> UUID: ...


M = TypeVar("M", bound=SendableMessage, contravariant=True)


class Channel(Protocol[M]):
    """A way to send. One instance lives as long as its worker process and keeps its connections."""

    def send(self, messages: Iterable[M], *, reserve: Callable[[UUID], bool]) -> Iterator[list[Outcome]]:
        """Yield the outcomes as they become known: exactly one for each message taken from `messages`.

        `reserve` is asked with the delivery's id before the step after which the message may arrive, again
        and again until it says yes. So the caller bounds how many may have arrived without being recorded. An
        empty list comes at least four times a second, so that the caller can record in time. It ends early,
        leaving messages untaken, when the provider cannot be reached at all.
        """
        ...

    def close(self) -> None:
        """Give up all connections."""
        ...
