"""Gauges of queued deliveries: how many, and for how long the oldest has been due."""

from collections.abc import Iterator
from typing import NamedTuple

from django.db import connection
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from notifications.types.enums import Channel, Priority

MAX_COUNTED = 100_000
"""The most that is counted for one channel and priority; a longer queue shows this number."""

# One range of the index `delivery_due` for each pair. A claimed delivery is due again when its lease ends.
_QUEUE = """
SELECT channel, priority,
    (
        SELECT count(*) FROM (
            SELECT 1 FROM notifications_delivery AS delivery
            WHERE delivery.status = 'queued' AND delivery.channel = pair.channel
                AND delivery.priority = pair.priority
            LIMIT %(most)s
        ) AS queued
    ),
    (
        SELECT extract(epoch FROM statement_timestamp() - delivery.due_at)::float8
        FROM notifications_delivery AS delivery
        WHERE delivery.status = 'queued' AND delivery.channel = pair.channel AND delivery.priority = pair.priority
        ORDER BY delivery.due_at LIMIT 1
    )
FROM unnest(%(channels)s::text[], %(priorities)s::int[]) AS pair (channel, priority)
"""

_HELD = """
SELECT count(*) FROM (SELECT 1 FROM notifications_delivery WHERE status = 'held' LIMIT %s) AS held
"""


class _Queue(NamedTuple):
    channel: Channel
    priority: Priority
    depth: int
    late: float
    """Seconds since the oldest was due; 0 when none is due."""


def families() -> Iterator[Metric]:
    """Yield depth and lateness by channel and priority, and the number of held deliveries."""
    depth = GaugeMetricFamily(
        "sellerhub_queued_deliveries",
        f"Deliveries that wait to be sent, counted up to {MAX_COUNTED}.",
        labels=("channel", "priority"),
    )
    late = GaugeMetricFamily(
        "sellerhub_oldest_due_delivery_seconds",
        "For how long the oldest delivery has been due and not sent; 0 when none is due.",
        labels=("channel", "priority"),
    )
    for queue in _read(depth=MAX_COUNTED):
        labels = (queue.channel.value, queue.priority.name.lower())
        depth.add_metric(labels, queue.depth)
        late.add_metric(labels, queue.late)
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [MAX_COUNTED])
        held = GaugeMetricFamily(
            "sellerhub_held_deliveries",
            f"Deliveries kept for addresses that rest, counted up to {MAX_COUNTED}.",
            value=cursor.fetchone()[0],
        )
    yield from (depth, late, held)


def oldest_due() -> float:
    """Return for how many seconds the oldest delivery of any channel has been due."""
    return max(queue.late for queue in _read(depth=1))


def _read(*, depth: int) -> list[_Queue]:
    pairs = [(channel.value, priority.value) for channel in Channel for priority in Priority]
    channels, priorities = zip(*pairs, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_QUEUE, {"most": depth, "channels": list(channels), "priorities": list(priorities)})
        return [
            _Queue(Channel(channel), Priority(priority), count, max(late or 0.0, 0.0))
            for channel, priority, count, late in cursor
        ]
