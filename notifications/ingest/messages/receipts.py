"""The answer for each part of a body."""

from dataclasses import dataclass
from enum import StrEnum

from notifications.models import SourceMessage
from notifications.types.enums import MessageState


class Outcome(StrEnum):
    """What became of a part, in the words of the door."""

    ACCEPTED = "accepted"
    REPEATED = "repeated"
    """It came before, or says only what was said before; nothing changes."""
    IGNORED = "ignored"
    PARKED = "parked"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one part."""

    message_id: str
    type: str
    outcome: Outcome
    reason: str = ""
    """A `ParkReason`; empty for what was accepted or repeated."""
    detail: str = ""
    """A sentence for people."""
    told: tuple[str, ...] = ()
    """The types of the notifications that it became."""


def receipt_of(message: SourceMessage, told: tuple[str, ...] = ()) -> Receipt:
    """What became of a message that came now."""
    return Receipt(message.message_id, message.type, _outcome(message), message.reason, message.detail, told)


def _outcome(message: SourceMessage) -> Outcome:
    match message.state:
        case MessageState.PARKED:
            return Outcome.PARKED
        case MessageState.IGNORED:
            return Outcome.IGNORED
        case _:
            return Outcome.REPEATED if message.repeated and not message.accepted else Outcome.ACCEPTED
