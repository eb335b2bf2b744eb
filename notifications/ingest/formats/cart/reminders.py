"""Periodic task: remind shops of missing tracking numbers where the carrier provides them.
The number must be entered at the marketplace: the cart does not pass it on. A number in the feed only shows that the
shop already has it.
"""

import logging
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import DatabaseError, transaction

from accounts.models import SellerAccount
from notifications.models import CartOrder

from ...api_keys import keyless_source
from ...pipeline import Accepted, Rejected, notify
from . import notices

logger = logging.getLogger(__name__)

SOURCE = "SellerHub"
MAX_ORDERS = 20
"""The most orders in one reminder; the rest wait for the next day."""
MAX_SHOPS = 500
"""The most shops in one run; the next run is an hour later."""
TOO_LATE = timedelta(days=30)
"""The marketplace rates the shipments of the last 30 days: a number for an older one no longer counts."""
_MORNING = time(9)


def remind_due(now: datetime) -> int:
    """Remind every shop with orders that are due, once a day; returns how many were reminded.
    May run twice and at the same time: a shop is claimed, notified and marked in one transaction, so that a killed
    worker has sent nothing. The day is part of the event's key.
    """
    due = CartOrder.objects.filter(remind_at__lte=now).values_list("account_id", flat=True)
    return sum(_remind(account_id, now) for account_id in due.order_by("account_id").distinct()[:MAX_SHOPS])


def _remind(account_id: int, now: datetime) -> bool:
    try:
        with transaction.atomic():
            return _claim_and_tell(account_id, now)
    except DatabaseError as error:
        # For example a shop that is being closed; the other shops must still be reminded.
        logger.warning("Shop %s could not be reminded: %s.", account_id, type(error).__name__)
        return False


def _claim_and_tell(account_id: int, now: datetime) -> bool:
    # Feeds take the same lock. A shop whose feed is being read is skipped until the next run.
    shops = SellerAccount.objects.select_for_update(no_key=True, skip_locked=True)
    account = shops.filter(pk=account_id).first()
    if account is None:
        return False
    due = CartOrder.objects.filter(account=account, remind_at__lte=now)
    due.filter(shipped_at__lt=now - TOO_LATE).update(remind_at=None)
    orders = list(due.order_by("shipped_at", "pk")[:MAX_ORDERS])
    if not orders:
        return False
    local = now.astimezone(ZoneInfo(account.time_zone))
    result = notify(
        account,
        "technical_notice",
        event_id=f"tracking-reminder:{account.public_id}:{local:%Y-%m-%d}",
        data=notices.tracking_missing([(order.order_id, order.marketplace_carrier) for order in orders]),
        source=keyless_source(SOURCE),
        occurred_at=now,
    )
    if isinstance(result, Rejected):
        logger.error("The reminder of shop %s was refused: %s: %s", account_id, result.field, result.message)
    told = isinstance(result, Accepted)
    if told:
        due.filter(pk__in=[order.pk for order in orders]).update(reminded_at=now, remind_at=None)
    due.update(remind_at=_tomorrow(local))
    return told


def _tomorrow(local: datetime) -> datetime:
    return datetime.combine(local.date() + timedelta(days=1), _MORNING, local.tzinfo)
