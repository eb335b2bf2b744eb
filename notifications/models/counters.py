"""Counters and signs of life, for those who watch over the site."""

from django.db import models
from django.utils import timezone


class CounterEntry(models.Model):
    """So many of something, counted in the transaction that did it. Appended only; a task adds old rows up."""

    name = models.CharField(max_length=24)
    channel = models.CharField(max_length=8, blank=True)
    label = models.CharField(max_length=64, blank=True)
    amount = models.BigIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "tallies"

    def __str__(self) -> str:
        return f"{self.name} {self.channel} {self.label}: {self.amount}"


class Heartbeat(models.Model):
    """When a part that only runs in the background was last alive."""

    name = models.CharField(max_length=24, primary_key=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "heartbeats"

    def __str__(self) -> str:
        return f"{self.name} · {self.at:%Y-%m-%d %H:%M:%S}"
