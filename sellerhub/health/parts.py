"""Health checks of the database, the broker and the cache, and the state of the background work."""

from typing import NamedTuple

from django.core.cache import cache
from django.db import connection, transaction

from notifications.operations import heartbeat, metrics

from ..celery import app
from .timed import Timed

FRESH_SECONDS = 3


class Background(NamedTuple):
    """The state of the background work, as stored in the database."""

    oldest_due_seconds: float
    last_tick_seconds: float | None
    """None: beat has never run."""


def _ask_database() -> Background:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '2s'")
        tick = heartbeat.last_tick()
        return Background(metrics.oldest_due(), None if tick is None else tick.total_seconds())


def _ask_broker() -> bool:
    with app.connection_for_write() as broker:
        broker.connect()
        broker.channel().close()  # Redis is not contacted before a channel is opened
    return True


def _ask_cache() -> bool:
    cache.get("readyz")
    return True


DATABASE = Timed(_ask_database, seconds=3, fresh_seconds=FRESH_SECONDS)
BROKER = Timed(_ask_broker, seconds=1, fresh_seconds=FRESH_SECONDS)
CACHE = Timed(_ask_cache, seconds=1, fresh_seconds=FRESH_SECONDS)
