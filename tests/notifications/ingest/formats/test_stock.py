"""The weekly list of popular products that are out of stock."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import SellerAccount, User
from notifications.ingest.stock import MAX_PRODUCTS, tell_out_of_stock
from notifications.models import KnownListing, Notification
from notifications.tasks import tell_out_of_stock as task

MONDAY = datetime(2026, 11, 22, 23, tzinfo=UTC)
"""Eight in the morning in Japan."""


def missing(account: SellerAccount, sku: str, **fields: object) -> KnownListing:
    since = fields.pop("out_of_stock_since", timezone.now())
    return KnownListing.objects.create(account=account, sku=sku, out_of_stock_since=since, **fields)


def lists() -> list[tuple[str, list[str]]]:
    rows = Notification.objects.order_by("account__name").values_list("account__name", "data")
    return [(name, [product["sku"] for product in data["products"]]) for name, data in rows]


def test_each_shop_is_told_what_it_misses_most_viewed_first(
    shop: SellerAccount, hanako: User, other_shop: SellerAccount, mika: User
) -> None:
    missing(shop, "A", views=3, title="湯呑み")
    missing(shop, "B")
    missing(shop, "C", views=90, is_open=True)
    missing(shop, "GONE", views=900, is_open=False)
    missing(shop, "THERE", out_of_stock_since=None)
    missing(other_shop, "X")

    assert tell_out_of_stock() == 2

    assert lists() == [("Mika Books", ["X"]), ("花子の器", ["C", "A", "B"])]
    assert Notification.objects.get(account=shop).data["products"] == [
        {"sku": "C", "views": 90},
        {"sku": "A", "views": 3, "title": "湯呑み"},
        {"sku": "B"},
    ]


def test_it_is_told_once_a_week_of_the_japanese_calendar(shop: SellerAccount, hanako: User) -> None:
    missing(shop, "A")

    with time_machine.travel(MONDAY + timedelta(hours=1)):
        told = [
            tell_out_of_stock(MONDAY),
            tell_out_of_stock(MONDAY),
            tell_out_of_stock(MONDAY - timedelta(days=1)),
        ]

    assert told == [1, 0, 1]


def test_a_product_in_several_marketplaces_stands_there_once(shop: SellerAccount, hanako: User) -> None:
    for marketplace in ("A1VC38T7YXB528", "ATVPDKIKX0DER"):
        missing(shop, "A", marketplace_id=marketplace)

    tell_out_of_stock()

    assert lists() == [("花子の器", ["A"])]


def test_the_list_has_an_end(shop: SellerAccount, hanako: User) -> None:
    for number in range(MAX_PRODUCTS + 1):
        missing(shop, f"{number:03}", views=1000 - number)

    tell_out_of_stock()

    assert [len(skus) for _name, skus in lists()] == [MAX_PRODUCTS]


def test_who_misses_nothing_hears_nothing(shop: SellerAccount, hanako: User) -> None:
    missing(shop, "A", out_of_stock_since=None)

    assert tell_out_of_stock() == 0
    assert Notification.objects.count() == 0


@pytest.mark.django_db
def test_the_timetable_rings_on_monday_morning_in_japan(shop: SellerAccount, hanako: User) -> None:
    from sellerhub.celery import app

    entry = app.conf.beat_schedule["out-of-stock"]
    schedule = entry["schedule"]
    missing(shop, "A")

    task()

    assert entry["task"] == task.name
    assert (schedule.day_of_week, schedule.hour, schedule.minute) == ({0}, {23}, set(range(0, 60, 10)))
    assert Notification.objects.get().type == "out_of_stock_weekly"
