"""Bounce ratio by mail domain over the last day, computed by a periodic task and kept in the cache.
A day may hold a million e-mails: too much to read at each scrape.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from redis.exceptions import RedisError

from notifications.web.read_state import first_id

NAMED = 20
"""How many domains are shown, those with most e-mails; all others are summed up as `other`."""
WINDOW = timedelta(days=1)
KEPT_SECONDS = 1800
STATEMENT_SECONDS = 60

_KEY = "notifications.operations.metrics.domains"

# Ids of deliveries contain their creation time: one range of the primary key.
_DOMAINS = """
WITH tried AS (
    SELECT lower(split_part(recipient, '@', -1)) AS domain, count(*) AS mails,
        count(*) FILTER (WHERE status <> 'sent') AS bounced
    FROM notifications_delivery
    WHERE id >= %(first)s AND channel = 'email' AND completed_at IS NOT NULL
        AND status IN ('sent', 'failed', 'bounced', 'held') AND recipient LIKE '%%@%%'
    GROUP BY 1
), ranked AS (
    SELECT *, row_number() OVER (ORDER BY mails DESC, domain) AS place FROM tried
)
SELECT CASE WHEN place <= %(named)s THEN domain ELSE 'other' END, sum(mails)::bigint, sum(bounced)::bigint
FROM ranked GROUP BY 1 ORDER BY 2 DESC, 1
"""


def note_domains() -> int:
    """Compute the last day and cache it; returns how many domains were found."""
    now = timezone.now()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = '{STATEMENT_SECONDS}s'")
        cursor.execute(_DOMAINS, {"first": first_id(now - WINDOW), "named": NAMED})
        rows = cursor.fetchall()
    with suppress(RedisError, OSError):
        cache.set(_KEY, {"at": now.timestamp(), "rows": rows}, KEPT_SECONDS)
    return len(rows)


def families() -> Iterator[Metric]:
    """Yield e-mails and bounce ratio by domain as last computed; empty when that is too old."""
    mails = GaugeMetricFamily(
        "sellerhub_domain_mails", "Mails of the last day whose outcome is known, by domain.", labels=("domain",)
    )
    ratio = GaugeMetricFamily(
        "sellerhub_domain_bounced_ratio",
        "The share of them that the domain refused for good or returned.",
        labels=("domain",),
    )
    at = GaugeMetricFamily(
        "sellerhub_domains_read_timestamp_seconds", "When the last day was read for these two figures.", labels=()
    )
    if noted := _noted():
        at.add_metric((), noted["at"])
        for domain, count, bounced in noted["rows"]:
            mails.add_metric((domain,), count)
            ratio.add_metric((domain,), bounced / count)
    yield from (mails, ratio, at)


def _noted() -> dict[str, Any] | None:
    with suppress(RedisError, OSError):
        found: dict[str, Any] | None = cache.get(_KEY)
        return found
    return None
