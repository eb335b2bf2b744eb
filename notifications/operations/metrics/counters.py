"""Prometheus counters of what was ever done, read from the counter entries."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from prometheus_client.metrics_core import CounterMetricFamily, Metric

from notifications.queue import counters
from notifications.queue.counters import Count, Name
from notifications.types.enums import Channel


class _Counter(NamedTuple):
    name: str
    help: str
    labels: tuple[str, ...]


_UNKNOWN = "other"

_COUNTERS: Mapping[Name, _Counter] = {
    Name.ACCEPTED: _Counter(
        "sellerhub_notifications_accepted", "Events that became a notification, by type.", ("type",)
    ),
    Name.DECIDED: _Counter(
        "sellerhub_routing_decisions",
        "Routes considered for notifications: queued, held, or the reason for skipping one.",
        ("channel", "decision"),
    ),
    Name.SENT: _Counter(
        "sellerhub_deliveries_sent",
        "Deliveries that the provider took, each by itself or several in one summary.",
        ("channel", "way"),
    ),
    Name.FAILED: _Counter(
        "sellerhub_deliveries_failed", "Deliveries that failed for good, by reason.", ("channel", "reason")
    ),
    Name.DEFERRED: _Counter(
        "sellerhub_deliveries_deferred", "Failed attempts that are followed by another.", ("channel",)
    ),
    Name.BOUNCED: _Counter(
        "sellerhub_deliveries_bounced",
        "Deliveries that the server accepted and returned later, by reason.",
        ("channel", "reason"),
    ),
    Name.HELD: _Counter(
        "sellerhub_deliveries_held", "Times that a delivery began to be held, by reason.", ("channel", "reason")
    ),
    Name.WEBHOOK: _Counter("sellerhub_webhook_events", "New events that other systems sent, by sender.", ("sender",)),
}

_ALWAYS_SHOWN = (
    *(Count(Name.SENT, channel.value) for channel in Channel),
    *(Count(Name.DEFERRED, channel.value) for channel in Channel),
)
"""A rate needs the zero from which it rose."""


def families() -> Iterator[Metric]:
    """One family for each counter, also where nothing was counted yet."""
    totals = dict.fromkeys(_ALWAYS_SHOWN, 0) | dict(counters.totals())
    for name, counter in _COUNTERS.items():
        family = CounterMetricFamily(counter.name, counter.help, labels=counter.labels)
        for count, amount in totals.items():
            if count.name is name:
                family.add_metric(_values(count, counter.labels), amount)
        yield family


def _values(count: Count, labels: tuple[str, ...]) -> list[str]:
    known = {
        "channel": count.channel,
        "way": count.label or "alone",
        "type": count.label,
        "sender": count.label,
        "decision": count.label or _UNKNOWN,
        "reason": count.label or _UNKNOWN,
    }
    return [known[label] for label in labels]
