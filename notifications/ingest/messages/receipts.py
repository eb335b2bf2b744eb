"""The receipt returned for each part of a received body."""

from dataclasses import dataclass
from enum import StrEnum

from notifications.models import SourceMessage
from notifications.types.enums import MessageState


class Outcome(StrEnum):
    """The outcome of a part, as the API names it."""

    ACCEPTED = "accepted"
    REPEATED = "repeated"
    """It was received before, or its events were accepted before; nothing changes."""
    IGNORED = "ignored"
    PARKED = "parked"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The outcome of one part."""

    message_id: str
    type: str
    outcome: Outcome
    reason: str = ""
    """A `ParkReason`; empty for what was accepted or repeated."""
    detail: str = ""
    """A human-readable sentence."""
    told: tuple[str, ...] = ()
    """The types of the notifications that it became."""


def receipt_of(message: SourceMessage, told: tuple[str, ...] = ()) -> Receipt:
    """Return the receipt of a message that has just been processed."""
    return Receipt(message.message_id, message.type, _outcome(message), message.reason, message.detail, told)


def _outcome(message: SourceMessage) -> Outcome:
    match message.state:
        case MessageState.PARKED:
            return Outcome.PARKED
        case MessageState.IGNORED:
            return Outcome.IGNORED
        case _:
            return Outcome.REPEATED if message.repeated and not message.accepted else Outcome.ACCEPTED
