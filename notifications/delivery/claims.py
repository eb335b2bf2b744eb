"""Claim, renew and release queued deliveries. A claim is a lease that expires when its worker dies."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from django.db import connection

from ..types.enums import Channel, Priority


class Claimed(NamedTuple):
    """A delivery that this worker alone may send until the lease ends."""

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
    """Time since the lease of an earlier worker expired without a recorded result; None when there was none."""


@dataclass(frozen=True, slots=True)
class Batch:
    lease: UUID
    deliveries: list[Claimed]


# One statement for each priority, so that each reads one range of the index `delivery_due`. The rows are chosen in a
# separate CTE, because a subquery with LIMIT and SKIP LOCKED may run more than once.
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

# The status is an expression so that the planner uses the primary key and does not scan all of `delivery_due`.
_RENEW = """
UPDATE notifications_delivery SET due_at = statement_timestamp() + %(seconds)s * interval '1 second'
WHERE id = ANY(%(ids)s) AND lease = %(lease)s AND status || '' = 'queued'
"""

_RELEASE = """
UPDATE notifications_delivery SET due_at = statement_timestamp() + %(seconds)s * interval '1 second', lease = NULL
WHERE id = ANY(%(ids)s) AND lease = %(lease)s AND status || '' = 'queued'
"""


def claim(limit: int, *, length: timedelta, channel: Channel = Channel.EMAIL) -> Batch:
    """Claim up to `limit` due deliveries of `channel`: urgent ones first; the claim ends after `length`."""
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
                # Recipients of one notification in one language stand together, for they share its content.
                claimed.sort(key=lambda delivery: (delivery.notification_id, delivery.language))
                deliveries += claimed
    return Batch(lease, deliveries)


def renew(lease: UUID, ids: Collection[UUID], *, length: timedelta) -> None:
    """Extend this lease on the deliveries `ids` to `length` from now."""
    with connection.cursor() as cursor:
        cursor.execute(_RENEW, {"lease": lease, "ids": list(ids), "seconds": length.total_seconds()})


def release(lease: UUID, ids: Collection[UUID], *, wait: timedelta) -> None:
    """Give up the claim on the unsent deliveries `ids`; they are due again after `wait`."""
    with connection.cursor() as cursor:
        cursor.execute(_RELEASE, {"lease": lease, "ids": list(ids), "seconds": wait.total_seconds()})
