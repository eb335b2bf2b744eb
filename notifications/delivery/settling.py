"""Write down what became of deliveries: one statement for many, failed tries included."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from ..channels.base import Verdict
from .timetable import Settlement

# A worker whose lease has ended may still say that it sent a mail, which is true whoever claimed the row since.
# Of a failure only the holder of the lease may speak. What is settled is never changed.
_SETTLE = """
WITH settled AS (
    UPDATE notifications_delivery AS delivery
    SET status = outcome.status,
        tries = outcome.tries,
        answer = outcome.answer,
        lease = NULL,
        due_at = statement_timestamp() + outcome.wait * interval '1 second',
        settled_at = CASE WHEN outcome.status <> 'queued' THEN statement_timestamp() END
    FROM unnest(
        %(ids)s::uuid[], %(statuses)s::text[], %(tries)s::int[], %(answers)s::text[], %(waits)s::float8[],
        %(codes)s::int[], %(failed_tries)s::bool[], %(permanent)s::bool[]
    ) AS outcome (id, status, tries, answer, wait, code, failed_try, permanent)
    WHERE delivery.id = outcome.id
        AND delivery.status = 'queued'
        AND (delivery.lease = %(lease)s OR outcome.status = 'sent')
    RETURNING outcome.*
)
INSERT INTO notifications_attempt (delivery_id, at, permanent, code, detail)
SELECT id, statement_timestamp(), permanent, code, answer FROM settled WHERE failed_try
"""


def settle(lease: UUID, settlements: Sequence[Settlement]) -> None:
    """Record them all, in one commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            _SETTLE,
            {
                "lease": lease,
                "ids": [s.outcome.delivery_id for s in settlements],
                "statuses": [s.status.value for s in settlements],
                "tries": [s.tries for s in settlements],
                "answers": [s.outcome.detail[:500] for s in settlements],
                "waits": [s.wait.total_seconds() for s in settlements],
                "codes": [s.outcome.code for s in settlements],
                "failed_tries": [s.is_failed_try for s in settlements],
                "permanent": [s.outcome.verdict is Verdict.REFUSED for s in settlements],
            },
        )
