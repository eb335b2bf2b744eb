"""Webhook events of LINE: stored first, then processed by a task until each is completed.
An event may be processed twice after a crash: its changes have then been made, and LINE refuses a used reply token.
"""

import json
import logging
import time
from collections.abc import Sequence
from datetime import timedelta

from billiard.exceptions import SoftTimeLimitExceeded
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from pydantic_core import to_json

from ..channels.line.http import UnreachableError
from ..channels.line.webhook import WebhookEvent
from ..models import LineEvent
from .handlers import NOT_ANSWERED, act

logger = logging.getLogger(__name__)

BATCH = 10
LEASE = timedelta(minutes=5)
TRY_AGAIN_AFTER = timedelta(minutes=1)
MAX_TRIES = 5
_SECRETS = ("replyToken", "link")

_STORE = """
WITH stored AS (
    INSERT INTO notifications_lineevent (id, type, user_id, at, payload, received_at, due_at, tries, outcome)
    SELECT id, type, user_id, at, payload, statement_timestamp(), statement_timestamp(), 0, ''
    FROM json_to_recordset(%s) AS batch (id text, type text, user_id text, at timestamptz, payload jsonb)
    ON CONFLICT DO NOTHING
    RETURNING 1
), tallied AS (
    INSERT INTO notifications_counterentry (name, channel, label, amount)
    SELECT 'webhook', '', 'line', count(*) FROM stored HAVING count(*) > 0
)
SELECT count(*) FROM stored
"""


def store(events: Sequence[WebhookEvent]) -> int:
    """Store the events that are new; returns how many. Uses one statement, whatever their number."""
    if not events:
        return 0
    rows = [
        {"id": one.id, "type": one.type, "user_id": one.user_id, "at": one.at, "payload": _storable(one)}
        for one in events
    ]
    with connection.cursor() as cursor:
        cursor.execute(_STORE, [to_json(rows).decode()])
        return int(cursor.fetchone()[0])


def _storable(event: WebhookEvent) -> object:
    """Replace a payload that PostgreSQL cannot store (NUL, lone surrogates); SellerHub handles no such event."""
    try:
        written = json.dumps(event.payload, allow_nan=False, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return {"unreadable": True}
    return {"unreadable": True} if b"\\u0000" in written else event.payload


def work_off_events(*, max_seconds: float = 10.0) -> bool:
    """Process due events, oldest first; returns whether there may be more.
    Stops after `max_seconds`, and when LINE does not answer, because the next event would wait for nothing.
    """
    end = time.monotonic() + max_seconds
    while events := _claim():
        for number, event in enumerate(events):
            answered = _work_off(event)
            if not answered or time.monotonic() >= end:
                _release(events[number + 1 :])
                return answered
    return False


def is_due() -> bool:
    """Return whether an event without an attempt is due; failed ones are left to the periodic task."""
    return LineEvent.objects.filter(due_at__lte=timezone.now(), tries=0).exists()


@transaction.atomic
def _claim() -> list[LineEvent]:
    """Claim up to BATCH due events. The attempt counts from the claim on, so that an event that kills its worker is
    given up.
    """
    now = timezone.now()
    due = LineEvent.objects.filter(due_at__lte=now)
    due.filter(tries__gte=MAX_TRIES).update(due_at=None, outcome="given up")
    events = list(due.order_by("due_at", "at").select_for_update(skip_locked=True)[:BATCH])
    LineEvent.objects.filter(pk__in=[event.pk for event in events]).update(due_at=now + LEASE, tries=F("tries") + 1)
    for event in events:
        event.tries += 1
    return sorted(events, key=lambda event: event.at)


def _release(events: Sequence[LineEvent]) -> None:
    """Release claimed events that were not started."""
    LineEvent.objects.filter(pk__in=[event.pk for event in events]).update(due_at=timezone.now(), tries=F("tries") - 1)


def _work_off(event: LineEvent) -> bool:
    """Process an event; returns False when LINE did not answer, and the event is due again later."""
    try:
        event.outcome = act(event)[:40]
    except UnreachableError as trouble:
        logger.warning("LINE event %s could not be answered: %s.", event.pk, trouble)
        event.outcome, event.due_at = NOT_ANSWERED, timezone.now() + TRY_AGAIN_AFTER
        event.save(update_fields=["outcome", "due_at"])
        return False
    except SoftTimeLimitExceeded:
        raise
    except Exception:  # any error, because it must not stop the other events
        logger.exception("LINE event %s cannot be worked off.", event.pk)
        event.outcome = "error"
        if event.tries < MAX_TRIES:
            event.save(update_fields=["outcome"])
            return True
    event.due_at = None
    event.payload = {name: value for name, value in event.payload.items() if name not in _SECRETS}
    event.save(update_fields=["outcome", "due_at", "payload"])
    return True
