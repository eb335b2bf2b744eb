"""Periodic task: delete expired data in small batches, each in its own transaction, for a bounded time.
A row exactly as old as its limit is still kept. Data not listed here never expires: preferences, users and addresses,
histories of members and operators, and broadcasts.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from ..models import (
    CartOrder,
    Delivery,
    FailureNotice,
    LineEvent,
    LineLink,
    LineNotice,
    LineUser,
    LinkAttempt,
    Notification,
    Replay,
    SourceMessage,
)
from ..types.enums import DeliveryStatus, LinkState
from ..web.read_state import first_id

logger = logging.getLogger(__name__)

BATCH = 500
MAX_BATCHES = 2000
"""The most batches of one kind in one run."""


class _Kind(NamedTuple):
    name: str
    old: Callable[[datetime], QuerySet[Any]]
    """Returns the expired rows at a time, oldest first."""
    forget: Callable[[QuerySet[Any]], object] = QuerySet.delete


def forget_old(*, max_seconds: float) -> bool:
    """Delete all expired data; returns whether `max_seconds` ran out first."""
    end, now = time.monotonic() + max_seconds, timezone.now()
    for kind in _KINDS:
        count = 0
        for _batch in range(MAX_BATCHES):
            if time.monotonic() >= end:
                return True
            done = _forget_batch(kind, now)
            count += done
            if done < BATCH:
                break
        if count:
            logger.info("Forgot %d: %s.", count, kind.name)
    return False


@transaction.atomic
def _forget_batch(kind: _Kind, now: datetime) -> int:
    ids = list(kind.old(now).values_list("pk", flat=True)[:BATCH])
    # Filter by age again: a row may have come into use since the ids were read.
    kind.forget(kind.old(now).order_by().filter(pk__in=ids))
    return len(ids)


def _old_raw(now: datetime) -> QuerySet[SourceMessage]:
    limit = now - timedelta(days=settings.RETENTION_RAW_DAYS)
    return SourceMessage.objects.filter(raw__isnull=False, received_at__lt=limit).order_by("received_at")


def _old_messages(now: datetime) -> QuerySet[SourceMessage]:
    limit = now - timedelta(days=settings.RETENTION_WEBHOOK_DAYS)
    return SourceMessage.objects.filter(pk__lt=first_id(limit), received_at__lt=limit).order_by("pk")


def _old_notifications(now: datetime) -> QuerySet[Notification]:
    """Select by the event's time, too: the API rejects so old an event, which otherwise could be accepted again."""
    limit = now - timedelta(days=settings.RETENTION_NOTIFICATIONS_DAYS)
    queued = Delivery.objects.filter(notification=OuterRef("pk"), status=DeliveryStatus.QUEUED)
    return Notification.objects.filter(
        ~Exists(queued), pk__lt=first_id(limit), accepted_at__lt=limit, occurred_at__lt=limit
    ).order_by("pk")


def _old_failure_notices(now: datetime) -> QuerySet[FailureNotice]:
    limit = now - timedelta(days=settings.RETENTION_WEBHOOK_DAYS)
    return FailureNotice.objects.filter(due_at=None, day__lt=timezone.localdate(limit)).order_by("day")


def _old_replays(now: datetime) -> QuerySet[Replay]:
    limit = now - timedelta(days=settings.RETENTION_WEBHOOK_DAYS)
    return Replay.objects.filter(due_at=None, finished_at__lt=limit).order_by("finished_at")


def _old_orders(now: datetime) -> QuerySet[CartOrder]:
    limit = now - timedelta(days=settings.RETENTION_NOTIFICATIONS_DAYS)
    return CartOrder.objects.filter(changed_at__lt=limit, remind_at=None).order_by("changed_at")


def _old_links(now: datetime) -> QuerySet[LineLink]:
    limit = now - timedelta(days=settings.RETENTION_NOTIFICATIONS_DAYS)
    named = Delivery.objects.filter(link=OuterRef("pk"))
    return LineLink.objects.filter(~Exists(named), state=LinkState.ENDED, ended_at__lt=limit).order_by("ended_at")


def _unneeded_line_users(now: datetime) -> QuerySet[LineUser]:
    """Select users without links or recent activity who are not friends: LINE reports a new friend only once."""
    limit = now - timedelta(days=settings.RETENTION_WEBHOOK_DAYS)
    friend = Q(followed_at__isnull=False) & (Q(unfollowed_at=None) | Q(followed_at__gt=F("unfollowed_at")))
    lately = Q(profile_at__gte=limit) | Q(unfollowed_at__gte=limit)
    of_person = {"line_user": OuterRef("pk")}
    return (
        LineUser.objects.filter(
            ~Exists(LineLink.objects.filter(**of_person)),
            ~Exists(LinkAttempt.objects.filter(**of_person)),
            ~Exists(LineNotice.objects.filter(**of_person)),
            ~Exists(LineEvent.objects.filter(user_id=OuterRef("pk"))),
        )
        .exclude(friend)
        .exclude(lately)
        .order_by("pk")
    )


def _empty(messages: QuerySet[Any]) -> None:
    messages.update(raw=None)


_KINDS = (
    _Kind("raw messages of sources", _old_raw, _empty),
    _Kind("messages of sources", _old_messages),
    _Kind("notifications", _old_notifications),
    _Kind("notices of failures", _old_failure_notices),
    _Kind("replays", _old_replays),
    _Kind("orders of shops’ own systems", _old_orders),
    _Kind("ended LINE links", _old_links),
    _Kind("LINE users", _unneeded_line_users),
)
