"""Gauges of pending work other than deliveries: unprocessed input and outbox rows."""

from collections.abc import Iterator
from typing import NamedTuple

from django.db import connection
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from notifications.types.enums import ParkReason

MAX_COUNTED = 10_000


class _Work(NamedTuple):
    name: str
    table: str
    waits: str
    """The condition of the partial index that finds pending rows."""
    due: str = "due_at"
    order: str = "due_at"


_WORKS = (
    _Work("line_events", "notifications_lineevent", "due_at IS NOT NULL"),
    _Work("mail_reports", "notifications_mailreport", "NOT is_judged", due="received_at", order="id"),
    _Work("returned_mail", "notifications_returnedmail", "due_at IS NOT NULL"),
    _Work("broadcasts", "notifications_broadcast", "due_at IS NOT NULL"),
    _Work("recalls", "notifications_recall", "due_at IS NOT NULL"),
    _Work("replays", "notifications_replay", "due_at IS NOT NULL"),
    _Work(
        "confirmations",
        "notifications_address",
        "confirmation_due_at IS NOT NULL",
        due="confirmation_due_at",
        order="confirmation_due_at",
    ),
    _Work("failure_notices", "notifications_failurenotice", "due_at IS NOT NULL"),
    _Work("emergency_notices", "notifications_emergencynotice", "true"),
    _Work("test_mails", "notifications_addresstestmessage", "true"),
    _Work("line_notices", "notifications_linenotice", "true"),
    _Work("link_letters", "notifications_linkmail", "true"),
    _Work("deauthorizations", "notifications_deauthorization", "true"),
)

_ONE = """
SELECT '{name}',
    (SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {waits} LIMIT {most}) AS waiting),
    (
        SELECT extract(epoch FROM statement_timestamp() - {due})::float8
        FROM {table} WHERE {waits} ORDER BY {order} LIMIT 1
    )
"""
_ALL = " UNION ALL ".join(_ONE.format(most=MAX_COUNTED, **work._asdict()) for work in _WORKS)

# Uses the index `source_message_parked`; the ids grow with time.
_PARKED = """
SELECT reason,
    (
        SELECT count(*) FROM (
            SELECT 1 FROM notifications_sourcemessage AS message
            WHERE message.state = 'parked' AND message.reason = each.reason LIMIT %(most)s
        ) AS parked
    ),
    (
        SELECT extract(epoch FROM statement_timestamp() - message.received_at)::float8
        FROM notifications_sourcemessage AS message
        WHERE message.state = 'parked' AND message.reason = each.reason ORDER BY message.id LIMIT 1
    )
FROM unnest(%(reasons)s::text[]) AS each (reason)
"""


def families() -> Iterator[Metric]:
    """Yield count and age of pending work, and of dead letters of the sources."""
    waiting = GaugeMetricFamily(
        "sellerhub_work_waiting",
        f"Things in the database that a worker must still do, counted up to {MAX_COUNTED}.",
        labels=("work",),
    )
    late = GaugeMetricFamily(
        "sellerhub_work_oldest_due_seconds",
        "For how long the oldest of them has been due and not done; 0 when none is due.",
        labels=("work",),
    )
    with connection.cursor() as cursor:
        cursor.execute(_ALL)
        for name, count, seconds in cursor:
            waiting.add_metric((name,), count)
            late.add_metric((name,), max(seconds or 0.0, 0.0))
    yield from (waiting, late)
    yield from _parked()


def _parked() -> Iterator[Metric]:
    parked = GaugeMetricFamily(
        "sellerhub_parked_messages",
        f"Messages of sources that became no event, by reason, counted up to {MAX_COUNTED}.",
        labels=("reason",),
    )
    oldest = GaugeMetricFamily(
        "sellerhub_oldest_parked_message_seconds",
        "The age of the oldest of them; 0 when there is none.",
        labels=("reason",),
    )
    with connection.cursor() as cursor:
        cursor.execute(_PARKED, {"most": MAX_COUNTED, "reasons": ParkReason.values})
        for reason, count, seconds in cursor:
            parked.add_metric((reason,), count)
            oldest.add_metric((reason,), max(seconds or 0.0, 0.0))
    yield from (parked, oldest)
