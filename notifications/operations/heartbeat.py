"""The sign of life of the background: beat rings, the broker carries it, a worker writes it down."""

from datetime import timedelta

from django.utils import timezone

from ..models import Heartbeat

BEAT = "beat"
STALE_AFTER = timedelta(seconds=60)
"""Six ticks missed."""


def tick() -> None:
    """Beat, broker and one worker are alive."""
    Heartbeat.objects.update_or_create(name=BEAT, defaults={"at": timezone.now()})


def last_tick() -> timedelta | None:
    """How long ago the last tick was; None when there never was one."""
    at = Heartbeat.objects.filter(name=BEAT).values_list("at", flat=True).first()
    return None if at is None else timezone.now() - at
