"""The delivery log: every notification with its deliveries and its skipped routes, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.models import SellerAccount
from notifications.models import Notification
from notifications.types.enums import Channel, DeliveryStatus
from notifications.types.payloads import searchable

from . import delivery_report
from .delivery_report import DeliveryOutcome

PAGE_SIZE = 25
WINDOW = 20_000
"""Notifications searched for one page: a rare status in a long history is found window by window."""


NOT_TAKEN = "not_taken"
"""A value of the status filter: routes that were considered and skipped."""
ROUTES_SHOWN = 10
"""Routes shown of one notification; its detail page shows all."""


@dataclass(frozen=True, slots=True)
class Search:
    """The filters of the log."""

    type: str = ""
    channel: str = ""
    ending: str = ""
    recipient: str = ""
    words: str = ""
    before: UUID | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One notification and its routes."""

    notification: Notification
    roads: Sequence[DeliveryOutcome]
    """The first `ROUTES_SHOWN`."""
    more: int = 0
    """How many further routes there are."""


@dataclass(frozen=True, slots=True)
class Page:
    lines: Sequence[Line]
    older: UUID | None
    """The cursor of the next page: notifications with smaller IDs."""
    searched_back_to: datetime | None = None
    """Where the search stopped before a page was full; None when it is full or nothing is older."""


# One index bounds the window; each filter then costs one index probe per row.
_FOUND = """
SELECT id FROM (
    SELECT id, "references" FROM notifications_notification
    WHERE account_id = %(account)s AND (%(before)s::uuid IS NULL OR id < %(before)s)
        AND (%(type)s = '' OR type = %(type)s)
    ORDER BY id DESC LIMIT %(window)s
) AS one
WHERE {conditions}
ORDER BY id DESC LIMIT %(size)s
"""
_LAST_OF_WINDOW = """
SELECT id, accepted_at FROM notifications_notification
WHERE account_id = %(account)s AND (%(before)s::uuid IS NULL OR id < %(before)s)
    AND (%(type)s = '' OR type = %(type)s)
ORDER BY id DESC OFFSET %(window)s - 1 LIMIT 1
"""
_DELIVERED = """EXISTS (SELECT FROM notifications_delivery AS road WHERE road.notification_id = one.id {more})"""
_DECIDED = """EXISTS (SELECT FROM notifications_skippedroute AS road WHERE road.notification_id = one.id {more})"""


def page(account: SellerAccount, search: Search) -> Page:
    """Return one page of the log; the number of queries does not depend on the rows."""
    parameters: dict[str, Any] = {
        "account": account.pk,
        "before": search.before,
        "type": search.type,
        "channel": search.channel,
        "ending": search.ending,
        "recipient": search.recipient,
        "window": WINDOW,
        "size": PAGE_SIZE + 1,
    }
    conditions = _conditions(search, parameters)
    with connection.cursor() as cursor:
        cursor.execute(_FOUND.format(conditions=conditions), parameters)
        ids = [pk for (pk,) in cursor]
        more = len(ids) > PAGE_SIZE
        older, back_to = (ids[PAGE_SIZE - 1], None) if more else (None, None)
        if not more:
            cursor.execute(_LAST_OF_WINDOW, parameters)
            if (last := cursor.fetchone()) is not None:
                older, back_to = last
    found = Notification.objects.in_bulk(ids[:PAGE_SIZE])
    taken = delivery_report.of(found.values())
    lines = [Line(found[pk], taken[pk][:ROUTES_SHOWN], max(len(taken[pk]) - ROUTES_SHOWN, 0)) for pk in ids[:PAGE_SIZE]]
    return Page(lines, older, back_to)


def _conditions(search: Search, parameters: dict[str, Any]) -> str:
    """Return the SQL conditions for `search`; every value is passed as a parameter."""
    made = []
    about = ""
    if search.channel in Channel.values:
        about += " AND road.channel = %(channel)s"
    if search.recipient:
        about += " AND road.recipient = %(recipient)s"
    if search.ending == NOT_TAKEN:
        made.append(_DECIDED.format(more=about))
    elif search.ending in DeliveryStatus.values:
        made.append(_DELIVERED.format(more=about + " AND road.status = %(ending)s"))
    elif about:
        made.append(f"({_DELIVERED.format(more=about)} OR {_DECIDED.format(more=about)})")
    for number, word in enumerate(searchable(search.words).split()[:5]):
        parameters[f"word{number}"] = word
        made.append(f'position(%(word{number})s IN one."references") > 0')
    return " AND ".join(made) or "true"
