"""The notification centre: what a seller account was told, and what each person has read."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Membership, SellerAccount, User

from .catalogue import GROUP_BY_KEY, TYPES
from .models import Notification, ReadHorizon, ReadMark

PAGE_SIZE = 25
UNREAD_SHOWN = 99
"""A larger number of unread notifications is shown as “99+”."""

REQUIRED_TYPES = [kind.key for kind in TYPES.values() if kind.required]


@dataclass(frozen=True, slots=True)
class Page:
    """A slice of the list, newest first. The cursors are notification ids."""

    notifications: list[Notification]
    older: UUID | None
    newer: bool


def told(account: SellerAccount) -> QuerySet[Notification]:
    """The notifications the account may see as news."""
    return Notification.objects.filter(account=account, withheld="")


def newest(
    membership: Membership,
    *,
    group: str = "",
    search: str = "",
    unread_only: bool = False,
    before: UUID | None = None,
    size: int = PAGE_SIZE,
) -> Page:
    """One page; ids grow with time, so the page before a given id costs the same however far back it lies."""
    rows = with_read(told(membership.account), membership, unread_only=unread_only).order_by("-id")
    if group in GROUP_BY_KEY:
        rows = rows.filter(type__in=[kind.key for kind in GROUP_BY_KEY[group]])
    for word in search.lower().split()[:5]:
        rows = rows.filter(references__contains=word)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows[: size + 1])
    more = len(found) > size
    found = found[:size]
    return Page(found, older=found[-1].pk if more else None, newer=before is not None)


def latest(membership: Membership, *, size: int) -> list[Notification]:
    """What is new for the home page: unread required ones first, then the newest."""
    rows = newest(membership, size=size).notifications
    pressing = list(
        with_read(told(membership.account), membership, unread_only=True)
        .filter(type__in=REQUIRED_TYPES)
        .order_by("-id")[:size]
    )
    seen = {row.pk for row in pressing}
    return (pressing + [row for row in rows if row.pk not in seen])[:size]


def with_read(
    rows: QuerySet[Notification], membership: Membership, *, unread_only: bool = False
) -> QuerySet[Notification]:
    """Annotate `read` for this person."""
    marks = ReadMark.objects.filter(notification=OuterRef("pk"), user_id=membership.user_id)
    horizon = ReadHorizon.objects.filter(
        user_id=membership.user_id, account_id=membership.account_id, at__gte=OuterRef("accepted_at")
    )
    annotated = rows.annotate(read=Q(accepted_at__lt=membership.joined_at) | Exists(horizon) | Exists(marks))
    return annotated.filter(read=False) if unread_only else annotated


def unread_count(membership: Membership) -> int:
    """How many are unread, counting no further than is shown."""
    rows = with_read(told(membership.account), membership, unread_only=True)
    return rows.order_by("-id")[: UNREAD_SHOWN + 1].count()


def mark_read(notification: Notification, *, by: User) -> None:
    ReadMark.objects.bulk_create([ReadMark(user=by, notification=notification)], ignore_conflicts=True)


def mark_all_read(membership: Membership) -> None:
    """Move the person's horizon to now; single marks below it have no more meaning and go."""
    now = timezone.now()
    ReadHorizon.objects.update_or_create(
        user_id=membership.user_id, account_id=membership.account_id, defaults={"at": now}
    )
    ReadMark.objects.filter(
        user_id=membership.user_id,
        notification__account_id=membership.account_id,
        notification__accepted_at__lte=now,
    ).delete()
