"""Weekly task: notify shops of popular products that are out of stock, from the stock their sources reported."""

import logging
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.models import SellerAccount

from ..models import KnownListing
from .api_keys import keyless_source
from .pipeline import Accepted, Event, Rejected, notify_many

logger = logging.getLogger(__name__)

SOURCE = "SellerHub"
MAX_PRODUCTS = 100
"""The most products in one list."""
_SHOPS = 200
"""Shops notified in one transaction."""


def tell_out_of_stock(now: datetime | None = None) -> int:
    """Notify every shop with products out of stock; returns how many were notified, 0 if run again in the same week."""
    now = now or timezone.now()
    told, events = 0, list[Event]()
    for event in _lists(now):
        events.append(event)
        if len(events) == _SHOPS:
            told += _tell(events)
            events = []
    return told + _tell(events)


def _tell(events: list[Event]) -> int:
    results = notify_many(keyless_source(SOURCE), events) if events else []
    if refused := sum(isinstance(one, Rejected) for one in results):
        logger.error("%d weekly lists of what is out of stock were refused.", refused)
    return sum(isinstance(one, Accepted) for one in results)


def _lists(now: datetime) -> Iterator[Event]:
    year, week, _day = now.astimezone(ZoneInfo(settings.TIME_ZONE)).isocalendar()
    shops = SellerAccount.objects.filter(pk__in=_missing().values("account")).order_by("pk")
    for account_id, public_id in shops.values_list("pk", "public_id").iterator():
        if products := _products(account_id):
            key = f"out_of_stock_weekly:{public_id}:{year}-W{week:02}"
            yield Event(key, public_id, "out_of_stock_weekly", now, {"products": products})


def _products(account_id: int) -> list[dict[str, object]]:
    """Return up to MAX_PRODUCTS products, most viewed first; one sold in several marketplaces is listed once."""
    rows = _missing().filter(account=account_id).order_by(F("views").desc(nulls_last=True), "out_of_stock_since", "pk")
    products: dict[str, dict[str, object]] = {}
    for listing in rows[: 2 * MAX_PRODUCTS]:
        products.setdefault(listing.sku, _product(listing))
    return list(products.values())[:MAX_PRODUCTS]


def _product(listing: KnownListing) -> dict[str, object]:
    product: dict[str, object] = {"sku": listing.sku}
    if listing.title:
        product["title"] = listing.title
    if listing.views is not None:
        product["views"] = listing.views
    return product


def _missing() -> QuerySet[KnownListing]:
    """Return listings that are out of stock and not known to be closed."""
    return KnownListing.objects.filter(out_of_stock_since__isnull=False).exclude(is_open=False)
