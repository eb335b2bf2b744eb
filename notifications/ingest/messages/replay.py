"""Replay dead letters: parse stored source messages again after the cause was fixed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from notifications.ingest.formats.base import DeadLetterError
from notifications.ingest.formats.registry import FORMATS
from notifications.models import Source, SourceMessage
from notifications.types.enums import MessageState, ParkReason, SourceKind

from .intake import TooMuchError, receive
from .processing import MAX_DETAIL_LENGTH, after_a_deadlock_again, printable, take

_CHUNK = 50


@dataclass(frozen=True, slots=True)
class Replayed:
    """Counts of the replayed messages by outcome."""

    read: int = 0
    ignored: int = 0
    parked: int = 0
    """Dead letters still, perhaps for another reason."""
    left: int = 0
    """Skipped: no longer a dead letter, claimed by another process, or without content."""

    def __add__(self, other: "Replayed") -> "Replayed":
        return Replayed(
            self.read + other.read,
            self.ignored + other.ignored,
            self.parked + other.parked,
            self.left + other.left,
        )


def replay_dead_letters(ids: Collection[UUID]) -> Replayed:
    """Process these dead letters again, in the order they arrived; other messages among the IDs are skipped."""
    ordered = sorted(set(ids))
    done = Replayed()
    for start in range(0, len(ordered), _CHUNK):
        done += after_a_deadlock_again(partial(_replay, ordered[start : start + _CHUNK]))
    return done


@transaction.atomic
def _replay(ids: Sequence[UUID]) -> Replayed:
    # A message that another process has claimed is skipped.
    parked = SourceMessage.objects.filter(pk__in=ids, state=MessageState.PARKED, raw__isnull=False)
    rows = list(
        parked.select_for_update(skip_locked=True, of=("self",)).select_related("source").order_by("source", "pk")
    )
    for row in rows:
        row.tries += 1
    for source, messages in groupby(rows, key=lambda row: row.source):
        _read_again(source, list(messages))
    states = [row.state for row in rows]
    return Replayed(
        states.count(MessageState.READ),
        states.count(MessageState.IGNORED),
        states.count(MessageState.PARKED),
        len(ids) - len(rows),
    )


def _read_again(source: Source, messages: Sequence[SourceMessage]) -> None:
    whole = [one for one in messages if one.reason == ParkReason.UNREADABLE]
    take(source, [one for one in messages if one not in whole])
    for message in whole:
        _take_apart(source, message)


def _take_apart(source: Source, message: SourceMessage) -> None:
    """Split a body that was stored as a whole because it could not be read; by now it may have parts."""
    body = bytes(message.raw or b"")
    try:
        FORMATS[SourceKind(source.kind)].split(body, message.content_type)
        receipts = receive(
            source,
            body,
            way=message.way,
            content_type=message.content_type,
            received_at=message.received_at,
        )
    except (DeadLetterError, TooMuchError) as reason:
        message.detail = printable(str(reason))[:MAX_DETAIL_LENGTH]
    else:
        message.state, message.reason = MessageState.READ, ""
        message.detail = f"Taken apart into {len(receipts)} messages."
    message.completed_at = timezone.now()
    message.save(update_fields=["state", "reason", "detail", "tries", "completed_at"])
