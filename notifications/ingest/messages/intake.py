"""Receive messages in external formats: each part is stored raw, parsed once, and answered with its outcome."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import SellerAccount
from notifications.ingest.formats.base import MAX_PARTS, DeadLetterError, Part, id_of_content
from notifications.ingest.formats.registry import FORMATS
from notifications.models import Source, SourceMessage
from notifications.types.enums import MessageState, ParkReason, SourceKind

from .processing import MAX_DETAIL_LENGTH, after_a_deadlock_again, printable, take
from .receipts import Outcome, Receipt, receipt_of

_CHUNK = 50
"""Parts in one transaction: locks are held briefly, however large the body."""
_MAX_TYPE_LENGTH = 80
_MAX_CONTENT_TYPE_LENGTH = 100


class TooMuchError(Exception):
    """The body is too large; nothing of it is kept."""


def receive(
    source: Source,
    body: bytes,
    *,
    way: str,
    content_type: str = "",
    stand_in: SellerAccount | None = None,
    received_at: datetime | None = None,
) -> list[Receipt]:
    """Store and process a body in the source's own format; returns one receipt for each part, in order.
    `way` is the channel it came by (http, command). `stand_in` is the account used for unknown sellers, for trials;
    `received_at` is when the body arrived, by default now. Raises TooMuchError when the body is too large; any other
    fault is stored as a dead letter and given in the receipt.
    """
    if len(body) > settings.EVENTS_BODY_BYTES:
        raise TooMuchError(f"The body is larger than {settings.EVENTS_BODY_BYTES} bytes.")
    try:
        parts = FORMATS[SourceKind(source.kind)].split(body, content_type)
    except DeadLetterError as parked:
        return [_park_whole(source, body, parked, way=way, content_type=content_type)]
    if len(parts) > MAX_PARTS:
        raise TooMuchError(f"A body may hold {MAX_PARTS} messages at the most.")
    return [
        receipt
        for start in range(0, len(parts), _CHUNK)
        for receipt in after_a_deadlock_again(
            partial(_take_in, source, parts[start : start + _CHUNK], way, content_type, stand_in, received_at)
        )
    ]


@transaction.atomic
def _take_in(
    source: Source,
    parts: Sequence[Part],
    way: str,
    content_type: str,
    stand_in: SellerAccount | None,
    received_at: datetime | None,
) -> list[Receipt]:
    rows = [_row(source, part, way, content_type, received_at) for part in parts]
    new = _claim(rows)
    told = take(source, [row for row in rows if row.pk in new], stand_in=stand_in)
    return [
        receipt_of(row, told.get(row.pk, ())) if row.pk in new else Receipt(row.message_id, row.type, Outcome.REPEATED)
        for row in rows
    ]


def _claim(rows: Sequence[SourceMessage]) -> set[object]:
    """Insert the rows and return the IDs of those that are new; a concurrent request with the same message waits.
    Rows are inserted in the order of their message IDs, so that two bodies with the same messages never deadlock.
    """
    SourceMessage.objects.bulk_create(sorted(rows, key=lambda row: row.message_id), ignore_conflicts=True)
    return set(SourceMessage.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))


def _row(source: Source, part: Part, way: str, content_type: str, received_at: datetime | None = None) -> SourceMessage:
    """Build a row in state failed, which is replaced after parsing; the row is not visible before the commit."""
    return SourceMessage(
        source=source,
        message_id=part.message_id,
        type=printable(part.type)[:_MAX_TYPE_LENGTH],
        way=way,
        raw=part.raw,
        content_type=printable(content_type)[:_MAX_CONTENT_TYPE_LENGTH],
        received_at=received_at or timezone.now(),
        state=MessageState.PARKED,
        reason=ParkReason.FAILED,
    )


def _park_whole(source: Source, body: bytes, parked: DeadLetterError, *, way: str, content_type: str) -> Receipt:
    row = _row(source, Part(id_of_content(body), "", body), way, content_type)
    row.reason, row.detail = parked.reason, printable(parked.detail)[:MAX_DETAIL_LENGTH]
    if not _claim([row]):
        return Receipt(row.message_id, "", Outcome.REPEATED)
    return receipt_of(row)
