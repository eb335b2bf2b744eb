"""Store delivery events from mail providers' webhooks as mail reports, to be assessed later."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.db import connection
from pydantic_core import to_json
from uuid_utils.compat import uuid7

from notifications.channels.email.providers.events import ProviderEvent
from notifications.types.enums import Channel

# Without a return path's token the attempt is dated by when the delivery was completed. If that is more than an hour
# after the event, the event is about an earlier attempt, which was sent at the event's time at the latest.
_STORE = """
WITH news AS (
    SELECT told.*, delivery.address_id, delivery.id AS delivery_id, COALESCE(
        told.sent_at,
        CASE WHEN delivery.completed_at <= told.at + interval '1 hour' THEN delivery.completed_at END,
        told.at
    ) AS tried_at
    FROM json_to_recordset(%(news)s) AS told (
        id uuid, key text, kind text, delivery uuid, sent_at timestamptz, at timestamptz, recipient text,
        permanent bool, reason text, code int, status text, text text)
    JOIN notifications_delivery AS delivery ON delivery.id = told.delivery AND delivery.channel = %(channel)s
), stored AS (
    INSERT INTO notifications_mailreport (id, key, way, kind, delivery_id, address_id, recipient, sent_at,
        received_at, permanent, reason, code, status, text, is_judged)
    SELECT id, key, %(way)s, kind, delivery_id, address_id, recipient, tried_at,
        statement_timestamp(), permanent, reason, code, status, text, false
    FROM news
    ON CONFLICT DO NOTHING
    RETURNING 1
), tallied AS (
    INSERT INTO notifications_counterentry (name, channel, label, amount)
    SELECT 'webhook', '', %(way)s, count(*) FROM stored HAVING count(*) > 0
)
SELECT (SELECT count(*) FROM news), (SELECT count(*) FROM stored)
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """How many events of one webhook call were stored."""

    known: int
    """Events about deliveries that exist here."""
    new: int
    """Events not stored before."""


def store_events(news: Sequence[ProviderEvent], *, way: str) -> Stored:
    """Store the new events about deliveries that exist, in one statement; `way` names the source."""
    if not news:
        return Stored(0, 0)
    rows = to_json([_as_row(one, way) for one in news]).decode()
    with connection.cursor() as cursor:
        cursor.execute(_STORE, {"news": rows, "channel": Channel.EMAIL.value, "way": way})
        known, new = cursor.fetchone()
    return Stored(known, new)


def _as_row(one: ProviderEvent, way: str) -> dict[str, object]:
    recipient = sha256(one.recipient.lower().encode()).hexdigest()[:24]
    return {
        "id": uuid7(),
        "key": f"{way}:{one.id}:{recipient}",
        "kind": one.kind.value,
        "delivery": one.delivery_id,
        "sent_at": one.sent_at,
        "at": one.at,
        "recipient": one.recipient,
        "permanent": one.permanent,
        "reason": one.reason,
        "code": one.code,
        "status": one.status,
        "text": one.text,
    }
