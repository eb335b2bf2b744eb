"""Record the send results of many deliveries, failed attempts included, in one asynchronous SQL statement.

A commit waits for the disk, often longer than sending the mails took. So it runs while the next are being sent:
the caller starts a recording and polls whether it is done.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db import DatabaseError, connection
from psycopg import Connection, pq
from pydantic_core import to_json
from uuid_utils.compat import uuid7

from ..channels.base import SendResult
from .retry_policy import Settlement

# A worker whose lease has ended may still record that it sent a mail, for that is true even if another has claimed
# the row since. A failure may be recorded by the lease's holder only. A completed delivery is never changed.
# The status is compared as an expression: for a plain comparison the planner would use the partial index
# `delivery_due` and read the whole queue, instead of the primary key for each row.
_SETTLE = """
WITH settled AS (
    UPDATE notifications_delivery AS delivery
    SET status = outcome.status,
        tries = outcome.tries,
        answer = outcome.answer,
        cause = outcome.cause,
        lease = NULL,
        due_at = statement_timestamp() + outcome.wait * interval '1 second',
        completed_at = CASE WHEN outcome.status <> 'queued' THEN statement_timestamp() END
    FROM json_to_recordset(%(outcomes)s) AS outcome (
        id uuid, status text, tries int, answer text, cause text, wait float8, code int, failed_try bool,
        permanent bool, report uuid)
    WHERE delivery.id = outcome.id
        AND delivery.status || '' = 'queued'
        AND (delivery.lease = %(lease)s OR outcome.status = 'sent')
    RETURNING outcome.*, delivery.channel, delivery.address_id, delivery.recipient
), reported AS (
    INSERT INTO notifications_mailreport (id, key, way, kind, delivery_id, address_id, recipient, sent_at,
        received_at, permanent, reason, code, status, text, is_judged)
    SELECT report, report::text, 'smtp', 'bounce', id, address_id, recipient, statement_timestamp(),
        statement_timestamp(), true, cause, code, '', answer, false
    FROM settled WHERE report IS NOT NULL
), tallied AS (
    INSERT INTO notifications_counterentry (name, channel, label, amount)
    SELECT CASE status WHEN 'queued' THEN 'deferred' ELSE status END, channel,
        CASE WHEN status IN ('failed', 'held') THEN COALESCE(NULLIF(cause, ''), code::text, '') ELSE '' END,
        count(*)
    FROM settled WHERE failed_try OR status IN ('sent', 'failed', 'held') GROUP BY 1, 2, 3
)
INSERT INTO notifications_attempt (delivery_id, at, permanent, code, detail)
SELECT id, statement_timestamp(), permanent, code, answer FROM settled WHERE failed_try
"""
_STATEMENT = (_SETTLE % {"outcomes": "$1::json", "lease": "$2::uuid"}).encode()


class Recording:
    """Settlements being written in one commit; until it is done the connection must not be used otherwise."""

    def __init__(self, lease: UUID, settlements: Sequence[Settlement]) -> None:
        """Send the statement; raises DatabaseError."""
        outcomes = to_json([_as_row(settlement) for settlement in settlements])
        self._pgconn = _driver_connection().pgconn
        with connection.wrap_database_errors:
            self._pgconn.send_query_params(_STATEMENT, [outcomes, lease.hex.encode()])
        self._is_done = False

    def is_done(self) -> bool:
        """Return whether the database has committed; raises DatabaseError when the statement failed."""
        if not self._is_done:
            with connection.wrap_database_errors:
                self._pgconn.consume_input()
                if not self._pgconn.is_busy():
                    self.wait()
        return self._is_done

    def wait(self) -> None:
        """Block until the database has committed; raises DatabaseError."""
        if self._is_done:
            return
        failures = []
        try:
            with connection.wrap_database_errors:
                while (result := self._pgconn.get_result()) is not None:
                    if result.status != pq.ExecStatus.COMMAND_OK:
                        failures.append(result.get_error_message())
        except BaseException:
            connection.close()  # its next user must not read the rest of this result
            raise
        self._is_done = True
        if failures:
            raise DatabaseError(failures[0])


def _as_row(settlement: Settlement) -> dict[str, object]:
    outcome = settlement.outcome
    return {
        "id": outcome.delivery_id,
        "status": settlement.status.value,
        "tries": settlement.tries,
        "answer": outcome.detail[:500].replace("\0", ""),
        "cause": settlement.cause,
        "wait": settlement.wait.total_seconds(),
        "code": outcome.code,
        "failed_try": settlement.is_failed_try,
        "permanent": outcome.verdict is SendResult.REFUSED,
        "report": uuid7() if settlement.blames_address else None,
    }


def _driver_connection() -> Connection:
    connection.ensure_connection()
    driver: Connection = connection.connection
    return driver
