"""Counters and heartbeats for the site's monitoring."""

from django.db import models
from django.utils import timezone


class CounterEntry(models.Model):
    """An increment of a counter, written in the transaction it counts. Append-only; a task sums up old rows."""

    name = models.CharField(max_length=24)
    channel = models.CharField(max_length=8, blank=True)
    label = models.CharField(max_length=64, blank=True)
    amount = models.BigIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "tallies"

    def __str__(self) -> str:
        return f"{self.name} {self.channel} {self.label}: {self.amount}"


class Heartbeat(models.Model):
    """When a background process last reported that it runs."""

    name = models.CharField(max_length=24, primary_key=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "heartbeats"

    def __str__(self) -> str:
        return f"{self.name} · {self.at:%Y-%m-%d %H:%M:%S}"
