"""Parse claimed source messages in order, notify in one batch, and save the outcome of each."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from psycopg.errors import DeadlockDetected

from accounts.models import SellerAccount
from notifications.ingest.formats.base import DeadLetterError, ParsedPart, Part
from notifications.ingest.formats.registry import FORMATS
from notifications.models import Source, SourceMessage
from notifications.types.enums import MessageState, ParkReason, SourceKind

from ..pipeline import Accepted, Rejected, Result, notify_many
from ..pipeline.events import check
from . import outcomes

logger = logging.getLogger(__name__)

MAX_DETAIL_LENGTH = 500
DATABASE_AWAY = (OperationalError, InterfaceError)
"""Not caused by a message: the whole batch fails, and its sender retries."""
_TRIES = 3
Done = TypeVar("Done")


def after_a_deadlock_again(act: Callable[[], Done]) -> Done:
    """Run `act`, which opens its own transaction; repeat it up to twice after a deadlock between batches."""
    for _failed in range(_TRIES - 1):
        try:
            return act()
        except OperationalError as error:
            if not isinstance(error.__cause__, DeadlockDetected):
                raise
    return act()


@dataclass(frozen=True, slots=True)
class _Parked:
    reason: ParkReason
    detail: str
    account: SellerAccount | None = None
    refused: int = 0


Told = dict[UUID, tuple[str, ...]]
"""The types of the notifications that each message became, by message ID."""


def take(source: Source, messages: Sequence[SourceMessage], *, stand_in: SellerAccount | None = None) -> Told:
    """Process messages that the caller has claimed, in their order; must run in the transaction of the claim.
    A bad message becomes a dead letter, its stored state is rolled back, and the others go on. Returns the notification
    types by message.
    """
    try:
        with transaction.atomic():
            told = _take_together(source, messages, stand_in)
    except DATABASE_AWAY:
        raise
    except Exception as error:
        # A bug of ours must not cost the other messages their notifications.
        _log(error, source)
        told = {}
        for message in messages:
            told |= _take_alone(source, message, stand_in)
    outcomes.write(messages)
    return told


def _take_alone(source: Source, message: SourceMessage, stand_in: SellerAccount | None) -> Told:
    try:
        with transaction.atomic():
            return _take_together(source, [message], stand_in)
    except DATABASE_AWAY:
        raise
    except Exception as error:
        _log(error, source, message)
        _settle(message, _Parked(ParkReason.FAILED, type(error).__name__), [])
        return {}


def _take_together(source: Source, messages: Sequence[SourceMessage], stand_in: SellerAccount | None) -> Told:
    readings = [_read(source, message, stand_in) for message in messages]
    events = [event for reading in readings if isinstance(reading, ParsedPart) for event in reading.events]
    results = iter(notify_many(source, events) if events else ())
    told: Told = {}
    for message, reading in zip(messages, readings, strict=True):
        own = reading.events if isinstance(reading, ParsedPart) else ()
        found = [next(results) for _event in own]
        told[message.pk] = tuple(
            event.type for event, result in zip(own, found, strict=True) if isinstance(result, Accepted)
        )
        _settle(message, reading, found)
    return told


def _read(source: Source, message: SourceMessage, stand_in: SellerAccount | None) -> ParsedPart | _Parked:
    """Parse in a savepoint, so that a dead letter leaves no stored state behind."""
    part = Part(message.message_id, message.type, bytes(message.raw or b""))
    try:
        with transaction.atomic():
            reading = FORMATS[SourceKind(source.kind)].read(source, part, now=message.received_at, stand_in=stand_in)
            _refuse(reading)
    except DeadLetterError as parked:
        refused = int(parked.reason == ParkReason.REFUSED)
        return _Parked(parked.reason, parked.detail, parked.account, refused)
    except DATABASE_AWAY:
        raise
    except Exception as error:
        _log(error, source, message)
        return _Parked(ParkReason.FAILED, type(error).__name__)
    return reading


def _refuse(reading: ParsedPart) -> None:
    """Validate all events of a message first: either all of them are accepted or none. Raises DeadLetterError."""
    now = timezone.now()
    for event in reading.events:
        match check(event, now=now):
            case Rejected(field, sentence):
                said = f"{event.type}: {field}: {sentence}"
                raise DeadLetterError(ParkReason.REFUSED, said, account=reading.account)


def _settle(message: SourceMessage, reading: ParsedPart | _Parked, results: Sequence[Result]) -> None:
    message.accepted = sum(isinstance(one, Accepted) for one in results)
    refused = [one for one in results if isinstance(one, Rejected)]
    message.repeated = len(results) - message.accepted - len(refused)
    message.refused = len(refused)
    message.completed_at = timezone.now()
    if refused:  # the shop was closed while the message was parsed
        said = f"{refused[0].field}: {refused[0].message}"
        reading = _Parked(ParkReason.REFUSED, said, refused=len(refused))
    match reading:
        case _Parked(reason, detail, account, count):
            message.state, message.reason, message.detail = MessageState.PARKED, reason, detail
            message.account, message.refused = account, count
        case ParsedPart(account, events, ignored):
            message.account, message.detail = account, ignored
            message.state = MessageState.READ if events else MessageState.IGNORED
            message.reason = "" if events else ParkReason.NOT_FOR_SELLERS
    message.detail = printable(message.detail)[:MAX_DETAIL_LENGTH]


def printable(text: str) -> str:
    """Replace the characters of an external text that PostgreSQL cannot store or a page cannot show."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)


def _log(error: Exception, source: Source, message: SourceMessage | None = None) -> None:
    """Log the place of an error, never its text, which may quote the message."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = "?" if trace is None else f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
    logger.error(
        "Message %s of source %s could not be read: %s at %s.",
        "of a batch" if message is None else message.pk,
        source.pk,
        type(error).__name__,
        where,
    )
