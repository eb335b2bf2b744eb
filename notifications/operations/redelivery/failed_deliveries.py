"""Failed and bounced deliveries and dead letters, grouped by reason; deliveries can be redelivered by group.
Queries are bounded: of each status the newest deliveries are grouped, and one retry moves at most MAX_AT_ONCE.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from accounts.models import User
from notifications.models import Delivery
from notifications.types.enums import Channel, DeliveryStatus, ParkReason

from . import resends
from .resends import Requeued
from .selection import MAX_AT_ONCE

DEAD = (DeliveryStatus.FAILED, DeliveryStatus.BOUNCED)
"""Held deliveries wait for a fixed address, and cancelled ones were cancelled on purpose."""
MAX_GROUPED = 10_000
"""How many of the newest deliveries of each status are grouped."""
_MAX_GROUPS = 200
_WORDS = 80
"""How much of the provider's response identifies a group where no reason is recorded."""

_GROUPS = """
SELECT status, channel, cause, words, count(*), min(created_at), max(created_at)
FROM (
    SELECT status, channel, cause, created_at,
        CASE WHEN cause = '' THEN left(answer, %(words)s) ELSE '' END AS words
    FROM unnest(%(endings)s::text[]) AS ending CROSS JOIN LATERAL (
        SELECT status, channel, cause, answer, created_at FROM notifications_delivery
        WHERE status = ending AND status IN ('held', 'bounced', 'failed', 'cancelled')
        ORDER BY id DESC LIMIT %(most)s
    ) AS newest
) AS dead
GROUP BY status, channel, cause, words
ORDER BY count(*) DESC, max(created_at) DESC LIMIT %(groups)s
"""
_PARKED = """
SELECT reason, count(*), min(received_at), max(received_at)
FROM (
    SELECT reason, received_at FROM notifications_sourcemessage WHERE state = 'parked'
    ORDER BY reason, id DESC LIMIT %(most)s
) AS parked
GROUP BY reason ORDER BY count(*) DESC
"""


@dataclass(frozen=True, slots=True)
class Group:
    """Deliveries that failed for one reason."""

    status: DeliveryStatus
    channel: Channel
    cause: str
    words: str
    """The beginning of the provider's response, where no reason is recorded."""
    count: int = 0
    oldest: datetime | None = None
    newest: datetime | None = None

    def deliveries(self) -> QuerySet[Delivery]:
        """Return all deliveries of the group."""
        ended = Delivery.objects.filter(status=self.status, channel=self.channel, cause=self.cause)
        return ended.filter(answer__startswith=self.words) if self.words else ended


@dataclass(frozen=True, slots=True)
class Parked:
    """Dead letters of sources with one reason."""

    reason: ParkReason
    count: int
    oldest: datetime
    newest: datetime


@dataclass(frozen=True, slots=True)
class Extent:
    """What a retry would do."""

    deliveries: int
    shops: int
    left: int
    """Not redelivered, because they could not arrive."""


def groups() -> list[Group]:
    """Return the groups, the largest first."""
    values = {"endings": [ending.value for ending in DEAD], "most": MAX_GROUPED, "words": _WORDS}
    return [
        Group(DeliveryStatus(status), Channel(channel), cause, words, count, oldest, newest)
        for status, channel, cause, words, count, oldest, newest in _rows(_GROUPS, values | {"groups": _MAX_GROUPS})
    ]


def parked() -> list[Parked]:
    """Return the dead letters by reason, the largest group first."""
    return [
        Parked(ParkReason(reason), count, oldest, newest)
        for reason, count, oldest, newest in _rows(_PARKED, {"most": MAX_GROUPED})
    ]


def extent(group: Group) -> Extent:
    """Count what a retry would send, and to how many shops; counts at most MAX_GROUPED deliveries."""
    able = _able(group)[:MAX_GROUPED].values_list("notification__account")
    shops = [account for (account,) in able]
    everything = group.deliveries()[:MAX_GROUPED].count()
    return Extent(len(shops), len(set(shops)), max(everything - len(shops), 0))


def retry(group: Group, *, by: User) -> Requeued:
    """Redeliver the oldest deliveries of the group that can arrive, at most MAX_AT_ONCE."""
    ids = list(_able(group).values_list("pk", flat=True)[:MAX_AT_ONCE])
    return resends.requeue(ids, by=by)


def _able(group: Group) -> QuerySet[Delivery]:
    return group.deliveries().filter(resends.receivable()).order_by("pk")


def _rows(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor)
