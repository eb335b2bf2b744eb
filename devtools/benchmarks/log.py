"""The delivery log of one shop with a million notifications and two million roads."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from accounts.models import SellerAccount
from notifications.models import Notification
from notifications.web import delivery_log
from notifications.web.delivery_log import Search

from . import shops

FULL, QUICK = 1_000_000, 20_000
ROUNDS = 15
NEWEST = "the newest 25 ids alone"
RARE_EVERY = 50_000
"""One in so many mails failed."""

# Ids that grow with time, as UUIDv7 do: the number in front, so that order of writing is order of the log.
_NOTIFICATIONS = """
INSERT INTO notifications_notification
    (id, account_id, source_id, event_id, type, occurred_at, accepted_at, data, "references", withheld)
SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, %(account)s, %(source)s,
    'long-' || lpad(n::text, 9, '0'),
    CASE n %% 3 WHEN 0 THEN 'order_confirmed' WHEN 1 THEN 'return_requested' ELSE 'account_at_risk' END,
    now() - (%(count)s - n) * interval '1 second', now() - (%(count)s - n) * interval '1 second', data,
    '250-' || lpad(n::text, 14, '0'), ''
FROM generate_series(1, %(count)s) AS n, (SELECT data FROM notifications_notification LIMIT 1) AS sample
"""
_DELIVERIES = """
INSERT INTO notifications_delivery
    (id, notification_id, channel, recipient, language, priority, status, due_at, tries, created_at, completed_at,
     answer, cause)
SELECT gen_random_uuid(), id, 'email', 'orders@ok.test', 'ja', 1,
    CASE WHEN right(event_id, 9)::int %% %(rare)s = 1 THEN 'failed' ELSE 'sent' END,
    accepted_at, 0, accepted_at, accepted_at, '', ''
FROM notifications_notification WHERE account_id = %(account)s AND event_id LIKE 'long-%%'
"""
_DECISIONS = """
INSERT INTO notifications_skippedroute (notification_id, channel, recipient, reason, detail)
SELECT id, 'line', '', 'line_not_linked', '{}' FROM notifications_notification WHERE account_id = %s
"""


@dataclass(frozen=True)
class Figures:
    """One way to ask."""

    what: str
    median_ms: float
    slowest_ms: float
    found: int


def measure(count: int) -> list[Figures]:
    """Fill one shop and ask its log in several ways, by turns, beside what no page can do without."""
    shops.fill()
    account = SellerAccount.objects.order_by("pk").first()
    assert account is not None
    _fill(account, count)
    middle = UUID(f"00000000-0000-7000-8000-{count // 2:012x}")
    asked: dict[str, Callable[[], int]] = {
        NEWEST: lambda: len(_newest(account)),
        "newest page": lambda: _lines(account, Search()),
        "a page in the middle": lambda: _lines(account, Search(before=middle)),
        "by type": lambda: _lines(account, Search(type="account_at_risk")),
        "by address": lambda: _lines(account, Search(recipient="orders@ok.test")),
        "a rare ending": lambda: _lines(account, Search(ending="failed")),
        "an ending that never was": lambda: _lines(account, Search(ending="bounced")),
        "an order that is not there": lambda: _lines(account, Search(words="250-99999999999999")),
    }
    took: dict[str, list[float]] = {what: [] for what in asked}
    found: dict[str, int] = {}
    for _round in range(ROUNDS):
        for what, ask in asked.items():
            started = time.perf_counter()
            found[what] = ask()
            took[what].append((time.perf_counter() - started) * 1000)
    return [Figures(what, statistics.median(times), max(times), found[what]) for what, times in took.items()]


def _lines(account: SellerAccount, search: Search) -> int:
    return len(delivery_log.page(account, search).lines)


def _newest(account: SellerAccount) -> list[UUID]:
    rows = Notification.objects.filter(account=account).order_by("-id")
    return list(rows.values_list("pk", flat=True)[: delivery_log.PAGE_SIZE])


def _fill(account: SellerAccount, count: int) -> None:
    source = Notification.objects.values_list("source", flat=True).first()
    values = {"account": account.pk, "source": source, "count": count, "rare": RARE_EVERY}
    with connection.cursor() as cursor:
        cursor.execute(_NOTIFICATIONS, values)
        cursor.execute(_DELIVERIES, values)
        cursor.execute(_DECISIONS, [account.pk])
        cursor.execute("ANALYZE")
