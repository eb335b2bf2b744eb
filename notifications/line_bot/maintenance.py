"""Hourly maintenance of the LINE bot: end a channel pause, delete old events."""

import logging
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from ..channels.line.http import LineError
from ..channels.line.shared_client import client
from ..models import LineEvent
from ..queue import channel_pause
from ..types.enums import Channel, PauseReason

logger = logging.getLogger(__name__)

MAX_PURGED = 20_000


def try_paused_channel() -> bool:
    """End the channel pause once LINE accepts the credentials and has quota left; returns whether it ended."""
    pause = channel_pause.current(Channel.LINE)
    if pause is None or settings.LINE is None:
        return False
    try:
        client().bot_info()
        limit, used = client().quota()
    except LineError as error:
        logger.warning("LINE stays paused: %s.", error)
        return False
    if pause.reason == PauseReason.QUOTA and limit is not None and used >= limit:
        return False
    return channel_pause.end(Channel.LINE)


def purge_events() -> int:
    """Delete up to MAX_PURGED events completed before the retention limit; returns how many."""
    kept_since = timezone.now() - timedelta(days=settings.RETENTION_WEBHOOK_DAYS)
    old = LineEvent.objects.filter(due_at=None, received_at__lt=kept_since)
    deleted, _rows = LineEvent.objects.filter(pk__in=old.order_by("received_at").values("pk")[:MAX_PURGED]).delete()
    return deleted
