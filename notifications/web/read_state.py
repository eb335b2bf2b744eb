"""Which user read which notifications: all below a user's horizon counts as read; above it, there are read marks."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import Membership, User
from notifications.models import Notification, ReadHorizon, ReadMark

NEWS_AGE = timedelta(days=90)
"""Older notifications count as read, so that counting never scans years."""

SETTLED_AFTER = timedelta(minutes=5)
"""How far the horizon stays in the past: a batch becomes visible only once it is committed, and clocks differ."""

UNREAD_SHOWN = 99
"""A larger number of unread notifications is shown as “99+”."""

# The ids are UUIDv7: they grow with time, so a horizon is a bound on the index. The bound is computed once.
_UNREAD = """
    notification.account_id = %(account)s AND notification.withheld = ''
    AND notification.id > GREATEST(%(floor)s::uuid, (
        SELECT up_to FROM notifications_readhorizon WHERE user_id = %(user)s AND account_id = %(account)s))
    AND NOT EXISTS (
        SELECT FROM notifications_readmark AS mark
        WHERE mark.notification_id = notification.id AND mark.user_id = %(user)s)
"""


def first_id(moment: datetime) -> UUID:
    """Return the smallest UUIDv7 of a moment (RFC 9562, section 5.7)."""
    milliseconds = int(moment.timestamp() * 1000)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | 0b10 << 62)


def unread_count(membership: Membership) -> int:
    """Return the number of unread notifications, at most `UNREAD_SHOWN` + 1."""
    statement = f"""
        SELECT count(*) FROM (
            SELECT FROM notifications_notification AS notification WHERE {_UNREAD} LIMIT %(most)s
        ) AS unread
    """  # noqa: S608
    [[count]] = _select(statement, membership, most=UNREAD_SHOWN + 1)
    return int(count)


def latest(membership: Membership, pressing: Sequence[str], *, size: int) -> dict[UUID, bool]:
    """Return the newest notifications and whether each is unread; unread ones of the `pressing` types come first."""
    statement = f"""
        WITH pressing AS (
            SELECT one.id FROM unnest(%(types)s::text[]) AS wanted (type) CROSS JOIN LATERAL (
                SELECT notification.id FROM notifications_notification AS notification
                WHERE notification.type = wanted.type AND {_UNREAD}
                ORDER BY notification.id DESC LIMIT %(size)s
            ) AS one ORDER BY one.id DESC LIMIT %(size)s
        ), newest AS (
            SELECT notification.id, {_UNREAD} AS unread FROM notifications_notification AS notification
            WHERE notification.account_id = %(account)s AND notification.withheld = ''
            ORDER BY notification.id DESC LIMIT %(size)s
        )
        SELECT id, true, 0 AS place FROM pressing
        UNION ALL SELECT id, unread, 1 FROM newest WHERE id NOT IN (SELECT id FROM pressing)
        ORDER BY place, id DESC LIMIT %(size)s
    """  # noqa: S608
    return {row[0]: row[1] for row in _select(statement, membership, types=list(pressing), size=size)}


def unread_among(membership: Membership, ids: Iterable[UUID]) -> set[UUID]:
    """Return those of these notification IDs that are unread."""
    wanted = list(ids)
    if not wanted:
        return set()
    statement = f"""
        SELECT notification.id FROM notifications_notification AS notification
        WHERE notification.id = ANY(%(ids)s) AND {_UNREAD}
    """  # noqa: S608
    return {row[0] for row in _select(statement, membership, ids=wanted)}


def unread(rows: QuerySet[Notification], membership: Membership) -> QuerySet[Notification]:
    """Filter notifications of the account to those that are unread."""
    horizon = ReadHorizon.objects.filter(user_id=membership.user_id, account_id=membership.account_id)
    up_to = horizon.values_list("up_to", flat=True).first()
    marks = ReadMark.objects.filter(notification=OuterRef("pk"), user_id=membership.user_id)
    floor = _floor(membership)
    return rows.filter(~Exists(marks), id__gt=max(floor, up_to) if up_to else floor)


def mark_read(notification: Notification, *, by: User, membership: Membership) -> None:
    """Mark one notification as read. When nothing is unread, raise the horizon and drop the marks below it."""
    ReadMark.objects.bulk_create([ReadMark(user=by, notification=notification)], ignore_conflicts=True)
    if unread_count(membership) == 0:
        _raise_horizon(membership)


def mark_all_read(membership: Membership) -> None:
    """Mark everything as read: raise the horizon, and add marks for what is too new for it."""
    _raise_horizon(membership)
    left = unread(Notification.objects.filter(account_id=membership.account_id, withheld=""), membership)
    ReadMark.objects.bulk_create(
        [ReadMark(user_id=membership.user_id, notification_id=pk) for pk in left.values_list("pk", flat=True)],
        ignore_conflicts=True,
    )


def _raise_horizon(membership: Membership) -> None:
    """Move the horizon up, never down, and delete the marks below it."""
    up_to = first_id(timezone.now() - SETTLED_AFTER)
    horizon, made = ReadHorizon.objects.get_or_create(
        user_id=membership.user_id, account_id=membership.account_id, defaults={"up_to": up_to}
    )
    if not made:
        ReadHorizon.objects.filter(pk=horizon.pk, up_to__lt=up_to).update(up_to=up_to)
    ReadMark.objects.filter(
        user_id=membership.user_id,
        notification__account_id=membership.account_id,
        notification_id__lte=up_to,
    ).delete()


def _select(statement: str, membership: Membership, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            values | {"account": membership.account_id, "user": membership.user_id, "floor": _floor(membership)},
        )
        return cursor.fetchall()


def _floor(membership: Membership) -> UUID:
    return first_id(max(membership.joined_at, timezone.now() - NEWS_AGE))
