"""All metrics as one page in Prometheus' text format; docs/watching.md explains each."""

from collections.abc import Iterator
from contextlib import suppress

from django.core.cache import cache
from django.db import connection, transaction
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4 as CONTENT_TYPE
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

from . import addresses, backlog, channels, counters, domains, heartbeats, queue

__all__ = ["CONTENT_TYPE", "page"]

CACHED_SECONDS = 5
STATEMENT_SECONDS = 2
"""The limit for each query: a scrape must not burden a database that is overloaded already."""

_KEY = "notifications.operations.metrics.page"
_ROOMS = (counters, queue, backlog, addresses, domains, channels, heartbeats)


class _Site(Collector):
    """Reads all metrics at each collection; nothing is counted in this process."""

    def collect(self) -> Iterator[Metric]:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = '{STATEMENT_SECONDS}s'")
            for room in _ROOMS:
                yield from room.families()

    def describe(self) -> list[Metric]:
        """Return nothing, so that registering does not read the database."""
        return []


_REGISTRY = CollectorRegistry()
_REGISTRY.register(_Site())


def page() -> bytes:
    """Return the page, at most CACHED_SECONDS old. Raises DatabaseError."""
    with suppress(RedisError, OSError):
        if kept := cache.get(_KEY):
            return bytes(kept)
    made = generate_latest(_REGISTRY)
    with suppress(RedisError, OSError):
        cache.set(_KEY, made, CACHED_SECONDS)
    return made
