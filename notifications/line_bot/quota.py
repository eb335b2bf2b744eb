"""LINE's message quota of this month and its use, cached for metrics only."""

import logging
from contextlib import suppress
from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from ..channels.line.http import LineError
from ..channels.line.shared_client import client

logger = logging.getLogger(__name__)

KEPT_SECONDS = 3 * 3600
_KEY = "notifications.line.quota"


class Quota(NamedTuple):
    limit: int | None
    """None: no limit."""
    used: int


def note_quota() -> None:
    """Read the quota from LINE and cache it."""
    if settings.LINE is None:
        return
    try:
        quota = client().quota()
    except LineError as error:
        logger.warning("LINE did not tell its quota: %s.", error)
        return
    with suppress(RedisError, OSError):
        cache.set(_KEY, quota, KEPT_SECONDS)


def known_quota() -> Quota | None:
    """Return the cached quota without asking LINE; None when there is none."""
    with suppress(RedisError, OSError):
        kept = cache.get(_KEY)
        return Quota(*kept) if kept else None
    return None
