"""Heartbeat of background processing: beat schedules a task, the broker carries it, a worker records the time."""

from datetime import timedelta

from django.utils import timezone

from ..models import Heartbeat

BEAT = "beat"
STALE_AFTER = timedelta(seconds=60)
"""The heartbeat is stale after six missed ticks."""


def tick() -> None:
    """Record that beat, broker and one worker are alive."""
    Heartbeat.objects.update_or_create(name=BEAT, defaults={"at": timezone.now()})


def last_tick() -> timedelta | None:
    """Return how long ago the last tick was; None when there never was one."""
    at = Heartbeat.objects.filter(name=BEAT).values_list("at", flat=True).first()
    return None if at is None else timezone.now() - at
