"""Chunk by chunk to the whole audience.

The notices of a chunk, the cursor behind it and the number done are one transaction, and each seller's notice has
a key of its own: a worker killed anywhere neither repeats nor forgets anybody.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone

from notifications.ingest.api_keys import keyless_source
from notifications.ingest.pipeline import Event, Rejected, notify_many
from notifications.models import Broadcast, Source
from notifications.types.enums import BroadcastState

from .audience import audience
from .content import EMERGENCY, data_of

logger = logging.getLogger(__name__)

CHUNK = 500
"""Seller accounts told in one transaction."""
RETRY_AFTER = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 300, 600))
"""After a failed chunk; the last again and again, until it works or an operator stops it."""
MAX_LOOKED_AT = 20
"""Due broadcasts: others may have the first of them in hand."""
SOURCE = "Broadcasts"

_MOVED = (
    *("state", "started_at", "finished_at", "due_at", "cursor"),
    *("total", "done", "tries", "problem"),
)
_UNDER_WAY = (BroadcastState.SCHEDULED, BroadcastState.SENDING)


class ChunkRefusedError(Exception):
    """The front door does not take what a broadcast says: our error, not a seller's."""


def step() -> bool:
    """Send one chunk of the most urgent broadcast that no other worker has in hand; false when none is due."""
    urgency = Case(When(type=EMERGENCY, then=Value(0)), default=Value(1))
    due = Broadcast.objects.filter(state__in=_UNDER_WAY, due_at__lte=timezone.now()).order_by(urgency, "due_at")
    for broadcast_id in due.values_list("pk", flat=True)[:MAX_LOOKED_AT]:
        try:
            if _send_chunk(broadcast_id, timezone.now()):
                return True
        except Exception as error:  # whatever it is, it must not stop the other broadcasts
            # Not the error's own words: they may name somebody.
            logger.error("Broadcast %s cannot go on: %s.", broadcast_id, type(error).__name__)  # noqa: TRY400
            _put_off(broadcast_id, type(error).__name__)
            return True
    return False


@transaction.atomic
def _send_chunk(broadcast_id: UUID, now: datetime) -> bool:
    due = Broadcast.objects.filter(pk=broadcast_id, state__in=_UNDER_WAY, due_at__lte=now)
    # Whoever stops or recalls it waits for the chunk, and the next one sees that it is no longer under way.
    broadcast = due.select_for_update(skip_locked=True).first()
    if broadcast is None:
        return False
    if broadcast.state == BroadcastState.SCHEDULED:
        broadcast.state, broadcast.started_at = BroadcastState.SENDING, now
        broadcast.total = audience(broadcast).count()
    rest = audience(broadcast).filter(pk__gt=broadcast.cursor).order_by("pk")
    sellers = list(rest.values_list("pk", "public_id")[:CHUNK])
    _tell(broadcast, [public_id for _pk, public_id in sellers])
    broadcast.done += len(sellers)
    broadcast.cursor = sellers[-1][0] if sellers else broadcast.cursor
    broadcast.due_at, broadcast.tries, broadcast.problem = now, 0, ""
    if len(sellers) < CHUNK:
        broadcast.state, broadcast.finished_at, broadcast.due_at = BroadcastState.SENT, now, None
        broadcast.total = broadcast.done  # shops opened and closed meanwhile
    broadcast.save(update_fields=_MOVED)
    return True


def _tell(broadcast: Broadcast, public_ids: Sequence[str]) -> None:
    data = data_of(broadcast)
    at = broadcast.started_at or timezone.now()
    events = [Event(key_of(broadcast.pk, one), one, broadcast.type, at, data) for one in public_ids]
    for result in notify_many(source(), events):
        # A shop that was closed at this moment is nobody to tell.
        if isinstance(result, Rejected) and result.field != "seller":
            raise ChunkRefusedError


def source() -> Source:
    """Whose events the notices are."""
    return keyless_source(SOURCE)


def key_of(broadcast_id: UUID, public_id: str) -> str:
    """The event that tells this seller: once, however often a worker begins anew."""
    return f"{broadcast_id}/{public_id}"


def _put_off(broadcast_id: UUID, problem: str) -> None:
    """It comes again later, after longer each time."""
    failed = Broadcast.objects.filter(pk=broadcast_id, state__in=_UNDER_WAY)
    tries = failed.values_list("tries", flat=True).first() or 0
    wait = RETRY_AFTER[min(tries, len(RETRY_AFTER) - 1)]
    failed.update(tries=F("tries") + 1, due_at=timezone.now() + wait, problem=problem)
