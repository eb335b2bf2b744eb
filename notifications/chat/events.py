"""LINE's events: stored before anything is done, then worked off, each until it is done.

Working one off may happen twice, after a crash: what it changes it then finds changed, and a reply token that was
used LINE refuses.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from pydantic_core import to_json

from ..channels.line.webhook import WebhookEvent
from ..channels.line.wire import LineError
from ..models import LineEvent
from .acts import act

logger = logging.getLogger(__name__)

BATCH = 100
ROUNDS = 20
LEASE = timedelta(minutes=5)
MOST_TRIES = 5
_SECRETS = ("replyToken", "link")

_STORE = """
INSERT INTO notifications_lineevent (id, type, user_id, at, payload, received_at, due_at, tries, outcome)
SELECT id, type, user_id, at, payload, statement_timestamp(), statement_timestamp(), 0, ''
FROM json_to_recordset(%s) AS batch (id text, type text, user_id text, at timestamptz, payload jsonb)
ON CONFLICT DO NOTHING
"""


def store(events: Sequence[WebhookEvent]) -> int:
    """Keep those that are new; returns how many. One statement, whatever their number."""
    if not events:
        return 0
    rows = [
        {"id": one.id, "type": one.type, "user_id": one.user_id, "at": one.at, "payload": _storable(one)}
        for one in events
    ]
    with connection.cursor() as cursor:
        cursor.execute(_STORE, [to_json(rows).decode()])
        return int(cursor.rowcount)


def _storable(event: WebhookEvent) -> object:
    """The database takes no NUL and no half characters; nothing that we act on holds any."""
    try:
        return {"unreadable": True} if b"\\u0000" in to_json(event.payload) else event.payload
    except ValueError:
        return {"unreadable": True}


def work_off_events() -> int:
    """Work off what is due, oldest news first; returns how many."""
    done = 0
    for _round in range(ROUNDS):
        events = _claim()
        for event in events:
            _work_off(event)
        done += len(events)
        if len(events) < BATCH:
            break
    return done


@transaction.atomic
def _claim() -> list[LineEvent]:
    now = timezone.now()
    due = LineEvent.objects.filter(due_at__lte=now).order_by("due_at", "at")
    events = list(due.select_for_update(skip_locked=True)[:BATCH])
    LineEvent.objects.filter(pk__in=[event.pk for event in events]).update(due_at=now + LEASE)
    return sorted(events, key=lambda event: event.at)


def _work_off(event: LineEvent) -> None:
    event.tries += 1
    try:
        event.outcome = act(event)[:40]
    except LineError as trouble:
        logger.warning("LINE event %s could not be answered: %s.", event.pk, trouble)
        event.outcome = "not answered"
    except Exception:  # whatever it is, it must not stop the events of others
        logger.exception("LINE event %s cannot be worked off.", event.pk)
        event.outcome = "error"
        if event.tries < MOST_TRIES:
            event.save(update_fields=["tries", "outcome"])
            return
    event.due_at = None
    event.payload = {name: value for name, value in event.payload.items() if name not in _SECRETS}
    event.save(update_fields=["tries", "outcome", "due_at", "payload"])
