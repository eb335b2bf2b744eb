"""Gauge of e-mail addresses by state, fast also with millions of rows."""

from collections.abc import Iterator

from django.db import connection
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from notifications.types.enums import AddressState

FEW = 100_000
"""Addresses are counted up to this number; above it the active ones are PostgreSQL's estimate."""

# Uses the index `address_not_active`.
_NOT_ACTIVE = """
SELECT state, (
    SELECT count(*) FROM (
        SELECT 1 FROM notifications_address AS address
        WHERE address.state = each.state AND address.state <> 'active' LIMIT %(most)s
    ) AS counted
)
FROM unnest(%(states)s::text[]) AS each (state)
"""
_ESTIMATE = "SELECT reltuples FROM pg_class WHERE oid = 'notifications_address'::regclass"
_COUNTED = "SELECT count(*) FROM (SELECT 1 FROM notifications_address LIMIT %s) AS counted"


def families() -> Iterator[Metric]:
    """Yield the number of addresses in each state."""
    family = GaugeMetricFamily(
        "sellerhub_addresses",
        f"E-mail addresses by state, counted up to {FEW}; where there are more, the active ones are an estimate.",
        labels=("state",),
    )
    others = [state.value for state in AddressState if state is not AddressState.ACTIVE]
    with connection.cursor() as cursor:
        cursor.execute(_NOT_ACTIVE, {"most": FEW, "states": others})
        counts = dict(cursor.fetchall())
        cursor.execute(_ESTIMATE)
        total = int(cursor.fetchone()[0])
        if total <= FEW:
            cursor.execute(_COUNTED, [FEW])
            total = cursor.fetchone()[0]
    counts[AddressState.ACTIVE.value] = max(total - sum(counts.values()), 0)
    for state in AddressState:
        family.add_metric((state.value,), counts[state.value])
    yield family
