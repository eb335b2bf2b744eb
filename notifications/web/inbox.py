"""The inbox on the site: the notifications of a seller account, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Membership, SellerAccount
from notifications.models import Notification
from notifications.types.definitions import GROUP_BY_KEY, TYPES
from notifications.types.payloads import searchable

from . import read_state

PAGE_SIZE = 25

REQUIRED_TYPES = [kind.key for kind in TYPES.values() if kind.required]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list, newest first. The cursors are notification IDs."""

    notifications: Sequence[Notification]
    unread: set[UUID]
    older: UUID | None
    newer: bool


def told(account: SellerAccount) -> QuerySet[Notification]:
    """Return the account's notifications that were not suppressed."""
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
    """Return one page; IDs grow with time, so every page costs the same however old it is."""
    rows = told(membership.account).order_by("-id")
    if group in GROUP_BY_KEY:
        rows = rows.filter(type__in=[kind.key for kind in GROUP_BY_KEY[group]])
    for word in searchable(search).split()[:5]:
        rows = rows.filter(references__contains=word)
    if unread_only:
        rows = read_state.unread(rows, membership)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows[: size + 1])
    more = len(found) > size
    found = found[:size]
    unread = read_state.unread_among(membership, [row.pk for row in found])
    return Page(found, unread, older=found[-1].pk if more else None, newer=before is not None)


def latest(membership: Membership, *, size: int) -> Page:
    """Return what the home page shows: unread required notifications first, then the newest."""
    ids = read_state.latest(membership, REQUIRED_TYPES, size=size)
    rows = Notification.objects.in_bulk(list(ids))
    unread = {pk for pk, is_unread in ids.items() if is_unread}
    return Page([rows[pk] for pk in ids if pk in rows], unread, older=None, newer=False)
