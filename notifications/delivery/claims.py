"""Which deliveries this worker has. A claim is a lease: it ends by itself when the worker dies."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from django.db import connection

from ..types.enums import Channel, Priority


class Claimed(NamedTuple):
    """A delivery that is ours until the lease ends."""

    id: UUID
    notification_id: UUID
    channel: Channel
    address_id: UUID | None
    link_id: UUID | None
    recipient: str
    language: str
    tries: int
    age: timedelta
    left_by_another: timedelta | None = None
    """How long ago the lease ended of a worker that never said what became of it; None when there was none."""


@dataclass(frozen=True, slots=True)
class Batch:
    lease: UUID
    deliveries: list[Claimed]


# One statement for each priority, so that each is one range of the index `delivery_due`. The rows are chosen in a
# CTE of its own: a subquery with LIMIT and SKIP LOCKED may run more than once.
_CLAIM = """
WITH due AS MATERIALIZED (
    SELECT id, CASE WHEN lease IS NOT NULL THEN statement_timestamp() - due_at END AS left_by_another
    FROM notifications_delivery
    WHERE status = 'queued' AND channel = %(channel)s AND priority = %(priority)s
        AND due_at <= statement_timestamp()
    ORDER BY due_at LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
)
UPDATE notifications_delivery AS delivery
SET lease = %(lease)s, due_at = statement_timestamp() + %(seconds)s * interval '1 second'
FROM due WHERE delivery.id = due.id
RETURNING delivery.id, notification_id, channel, address_id, link_id, recipient, language, tries,
    statement_timestamp() - created_at, due.left_by_another
"""

# The status as an expression, so that the primary key is used and not `delivery_due` read from end to end.
_RENEW = """
UPDATE notifications_delivery SET due_at = statement_timestamp() + %(seconds)s * interval '1 second'
WHERE id = ANY(%(ids)s) AND lease = %(lease)s AND status || '' = 'queued'
"""

_RELEASE = """
UPDATE notifications_delivery SET due_at = statement_timestamp() + %(seconds)s * interval '1 second', lease = NULL
WHERE id = ANY(%(ids)s) AND lease = %(lease)s AND status || '' = 'queued'
"""


def claim(limit: int, *, length: timedelta, channel: Channel = Channel.EMAIL) -> Batch:
    """Take up to `limit` deliveries of a channel that are due, the urgent first."""
    lease = uuid4()
    deliveries: list[Claimed] = []
    with connection.cursor() as cursor:
        for priority in Priority:
            if len(deliveries) < limit:
                cursor.execute(
                    _CLAIM,
                    {
                        "channel": channel.value,
                        "priority": priority.value,
                        "limit": limit - len(deliveries),
                        "lease": lease,
                        "seconds": length.total_seconds(),
                    },
                )
                claimed = [Claimed(*row) for row in cursor]
                # The recipients of one notification one after the other: they share its letter.
                claimed.sort(key=lambda delivery: (delivery.notification_id, delivery.language))
                deliveries += claimed
    return Batch(lease, deliveries)


def renew(lease: UUID, ids: Collection[UUID], *, length: timedelta) -> None:
    """Keep what is still to be sent."""
    with connection.cursor() as cursor:
        cursor.execute(_RENEW, {"lease": lease, "ids": list(ids), "seconds": length.total_seconds()})


def release(lease: UUID, ids: Collection[UUID], *, wait: timedelta) -> None:
    """Give back what was not sent; it is due again after `wait`."""
    with connection.cursor() as cursor:
        cursor.execute(_RELEASE, {"lease": lease, "ids": list(ids), "seconds": wait.total_seconds()})
