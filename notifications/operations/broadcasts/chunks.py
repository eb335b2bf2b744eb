"""Send a broadcast to its audience in chunks.
The notifications of a chunk, the cursor and the count are written in one transaction, and each seller's event has its
own key: a worker killed at any point neither repeats nor skips a seller.
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
"""Seller accounts notified in one transaction."""
RETRY_AFTER = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 300, 600))
"""Intervals after a failed chunk; the last one repeats until it succeeds or an operator stops the broadcast."""
MAX_LOOKED_AT = 20
"""Due broadcasts tried in one step, because other workers may have locked the first ones."""
SOURCE = "Broadcasts"

_MOVED = (
    *("state", "started_at", "finished_at", "due_at", "cursor"),
    *("total", "done", "tries", "problem"),
)
_UNDER_WAY = (BroadcastState.SCHEDULED, BroadcastState.SENDING)


class ChunkRefusedError(Exception):
    """The event pipeline rejected a broadcast's payload: our bug, not a seller's fault."""


def step() -> bool:
    """Send one chunk of the most urgent due broadcast that no other worker has locked; False when none is due."""
    urgency = Case(When(type=EMERGENCY, then=Value(0)), default=Value(1))
    due = Broadcast.objects.filter(state__in=_UNDER_WAY, due_at__lte=timezone.now()).order_by(urgency, "due_at")
    for broadcast_id in due.values_list("pk", flat=True)[:MAX_LOOKED_AT]:
        try:
            if _send_chunk(broadcast_id, timezone.now()):
                return True
        except Exception as error:  # any error, because it must not stop the other broadcasts
            # Only the type is logged: the error's text may contain a name.
            logger.error("Broadcast %s cannot go on: %s.", broadcast_id, type(error).__name__)  # noqa: TRY400
            _put_off(broadcast_id, type(error).__name__)
            return True
    return False


@transaction.atomic
def _send_chunk(broadcast_id: UUID, now: datetime) -> bool:
    due = Broadcast.objects.filter(pk=broadcast_id, state__in=_UNDER_WAY, due_at__lte=now)
    # Stopping or recalling it waits for this lock, and the next chunk then finds it no longer in progress.
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
        # A shop that was closed meanwhile has no recipients.
        if isinstance(result, Rejected) and result.field != "seller":
            raise ChunkRefusedError


def source() -> Source:
    """Return the source of broadcast events."""
    return keyless_source(SOURCE)


def key_of(broadcast_id: UUID, public_id: str) -> str:
    """Return the seller's event key, which notifies each seller once, however often a worker restarts."""
    return f"{broadcast_id}/{public_id}"


def _put_off(broadcast_id: UUID, problem: str) -> None:
    """Schedule the next attempt after the next interval of RETRY_AFTER."""
    failed = Broadcast.objects.filter(pk=broadcast_id, state__in=_UNDER_WAY)
    tries = failed.values_list("tries", flat=True).first() or 0
    wait = RETRY_AFTER[min(tries, len(RETRY_AFTER) - 1)]
    failed.update(tries=F("tries") + 1, due_at=timezone.now() + wait, problem=problem)
