"""What did not arrive and will not by itself: grouped by its reason, and sent again group by group.

Everything is bounded: of each ending the newest deliveries are grouped, and one retry moves so many.
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
"""Held ones wait for a repair, and cancelled ones were meant to be."""
MAX_GROUPED = 10_000
"""Of each ending: the newest."""
_MAX_GROUPS = 200
_WORDS = 80
"""So much of the provider's words makes a group where no cause of ours is known."""

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
    """Deliveries that ended for one reason."""

    status: DeliveryStatus
    channel: Channel
    cause: str
    words: str
    """How the provider's words begin, where no cause of ours is known."""
    count: int = 0
    oldest: datetime | None = None
    newest: datetime | None = None

    def deliveries(self) -> QuerySet[Delivery]:
        """The newest of them, so many as are grouped."""
        ended = Delivery.objects.filter(status=self.status, channel=self.channel, cause=self.cause)
        return ended.filter(answer__startswith=self.words) if self.words else ended


@dataclass(frozen=True, slots=True)
class Parked:
    """Messages of sources that could not be read, for one reason."""

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
    """Would stay, because they could not arrive."""


def groups() -> list[Group]:
    """The largest first."""
    values = {"endings": [ending.value for ending in DEAD], "most": MAX_GROUPED, "words": _WORDS}
    return [
        Group(DeliveryStatus(status), Channel(channel), cause, words, count, oldest, newest)
        for status, channel, cause, words, count, oldest, newest in _rows(_GROUPS, values | {"groups": _MAX_GROUPS})
    ]


def parked() -> list[Parked]:
    """The largest first."""
    return [
        Parked(ParkReason(reason), count, oldest, newest)
        for reason, count, oldest, newest in _rows(_PARKED, {"most": MAX_GROUPED})
    ]


def extent(group: Group) -> Extent:
    """How many a retry would send again, and to how many shops; counts no further than is grouped."""
    able = _able(group)[:MAX_GROUPED].values_list("notification__account")
    shops = [account for (account,) in able]
    everything = group.deliveries()[:MAX_GROUPED].count()
    return Extent(len(shops), len(set(shops)), max(everything - len(shops), 0))


def retry(group: Group, *, by: User) -> Requeued:
    """Send the oldest of the group again that can arrive, a bounded number of them."""
    ids = list(_able(group).values_list("pk", flat=True)[:MAX_AT_ONCE])
    return resends.requeue(ids, by=by)


def _able(group: Group) -> QuerySet[Delivery]:
    return group.deliveries().filter(resends.receivable()).order_by("pk")


def _rows(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor)
