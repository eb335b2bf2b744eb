"""The delivery log: every notification with every road taken and not taken, newest first."""

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
"""Notifications looked through for one page: a rare state in a long history is found step by step."""


NOT_TAKEN = "not_taken"
"""Among the endings: roads that were considered and not taken."""
ROUTES_SHOWN = 10
"""Of one notification; its own page has them all."""


@dataclass(frozen=True, slots=True)
class Search:
    """What the log is to show."""

    type: str = ""
    channel: str = ""
    ending: str = ""
    recipient: str = ""
    words: str = ""
    before: UUID | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One notification and its roads."""

    notification: Notification
    roads: Sequence[DeliveryOutcome]
    """The first `ROADS_SHOWN`."""
    more: int = 0
    """How many there are besides."""


@dataclass(frozen=True, slots=True)
class Page:
    lines: Sequence[Line]
    older: UUID | None
    """Go on below this one."""
    searched_back_to: datetime | None = None
    """Where the search stopped before a page was full; None when it is full or nothing is older."""


# The window is cut out by one index; what is asked of each row is one probe of another.
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
    """One page of the log; four queries whatever it shows."""
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
    """In SQL; every value goes by parameter."""
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
