"""A missing tracking number is brought to mind once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection
from django.utils import timezone

from accounts.models import SellerAccount, User
from notifications import tasks
from notifications.ingest import pipeline
from notifications.ingest.api_keys import add_source
from notifications.ingest.formats.cart import reminders
from notifications.ingest.messages.intake import receive
from notifications.models import CartOrder, Notification, Source
from notifications.types.enums import SourceKind
from notifications.types.payloads import read
from sellerhub.celery import app
from tests.notifications.ingest.formats.cart.feeds import csv_of, row

NOON = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
"""In Tokyo."""
HALF_A_DAY = timedelta(hours=12)


def ship(cart: Source, *order_ids: str, carrier: str = "ゆうパック", **fields: str) -> None:
    rows = [row(order_id, "配送完了", carrier, **fields) for order_id in order_ids]
    receive(cart, csv_of(*rows).encode(), way="http")


def reminded() -> list[list[str]]:
    """The orders of each reminder."""
    notices = Notification.objects.filter(type="technical_notice").order_by("pk")
    return [[order["order_id"] for order in notice.data["orders"]] for notice in notices]


@pytest.fixture
def clock(cart: Source) -> Any:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def test_nothing_is_due_before_twelve_hours_have_passed(cart: Source, clock: Any) -> None:
    ship(cart, "503-1")

    assert reminders.remind_due(NOON + HALF_A_DAY - timedelta(seconds=1)) == 0
    assert reminded() == []
    clock.move_to(NOON + HALF_A_DAY)
    assert reminders.remind_due(NOON + HALF_A_DAY) == 1
    assert reminded() == [["503-1"]]


def test_the_reminder_names_the_carrier_of_the_marketplace_and_where_the_number_goes(cart: Source, clock: Any) -> None:
    ship(cart, "503-1", carrier="クロネコヤマト")
    ship(cart, "503-2", carrier="トナミ運輸")
    clock.shift(HALF_A_DAY)

    reminders.remind_due(timezone.now())

    notice: Any = read("technical_notice", Notification.objects.get().data)
    assert [(order.order_id, order.carrier) for order in notice.orders] == [
        ("503-1", "ヤマト運輸"),
        ("503-2", "配送業者ABF"),
    ]
    assert notice.title.ja == "追跡番号のない出荷済みの注文が2件あります"
    assert notice.title.en == "2 shipped orders have no tracking number"
    assert "マーケットプレイスには連携されません" in notice.body.ja
    assert "95%" in notice.body.ja
    assert "95%" in notice.body.en


def test_an_order_is_told_once(cart: Source, clock: Any) -> None:
    ship(cart, "503-1")
    clock.shift(HALF_A_DAY)
    reminders.remind_due(timezone.now())

    ship(cart, "503-1", item="湯呑み,HC-1,2,3200")  # another feed of the same shipment
    clock.shift(timedelta(days=2))

    assert reminders.remind_due(timezone.now()) == 0
    assert reminded() == [["503-1"]]
    assert CartOrder.objects.get().remind_at is None


def test_a_number_that_arrives_before_cancels_the_reminder(cart: Source, clock: Any) -> None:
    ship(cart, "503-1")
    ship(cart, "503-1", number="4012-3456-7890")
    clock.shift(HALF_A_DAY)

    assert reminders.remind_due(timezone.now()) == 0
    assert reminded() == []


@pytest.mark.parametrize(
    "fields", [{"method": "AmazonFBA配送"}, {"carrier": "普通郵便"}, {"carrier": "赤帽"}, {"carrier": ""}]
)
def test_who_is_never_reminded(cart: Source, clock: Any, fields: dict[str, str]) -> None:
    ship(cart, "503-1", **fields)
    clock.shift(timedelta(days=3))

    assert reminders.remind_due(timezone.now()) == 0
    assert reminded() == []


def test_a_shop_is_reminded_once_a_day_of_twenty_orders(cart: Source, clock: Any) -> None:
    ids = [f"503-{number:02}" for number in range(25)]
    ship(cart, *ids)
    clock.shift(HALF_A_DAY)

    assert reminders.remind_due(timezone.now()) == 1
    assert reminders.remind_due(timezone.now()) == 0
    assert reminded() == [ids[:20]]
    assert set(CartOrder.objects.exclude(remind_at=None).values_list("remind_at", flat=True)) == {
        datetime(2026, 11, 27, 0, 0, tzinfo=UTC)  # it is midnight in Tokyo: the next morning there
    }
    clock.move_to(datetime(2026, 11, 27, 0, 0, tzinfo=UTC))
    assert reminders.remind_due(timezone.now()) == 1
    assert reminded() == [ids[:20], ids[20:]]


def test_orders_of_the_same_day_wait_for_the_next(cart: Source, clock: Any) -> None:
    ship(cart, "503-1")
    clock.shift(timedelta(hours=12))
    reminders.remind_due(timezone.now())
    CartOrder.objects.update(shipped_at=timezone.now() - HALF_A_DAY)
    ship(cart, "503-2")
    CartOrder.objects.filter(order_id="503-2").update(remind_at=timezone.now())

    assert reminders.remind_due(timezone.now()) == 0

    assert reminded() == [["503-1"]]
    waiting = CartOrder.objects.get(order_id="503-2")
    assert waiting.reminded_at is None
    assert waiting.remind_at is not None
    assert waiting.remind_at > timezone.now()


def test_each_shop_has_its_own_reminder(cart: Source, clock: Any, other_shop: SellerAccount, mika: User) -> None:
    theirs, _key = add_source("Mika's cart", kind=SourceKind.CART, account=other_shop)
    ship(cart, "503-1")
    ship(theirs, "503-2")
    clock.shift(HALF_A_DAY)

    assert reminders.remind_due(timezone.now()) == 2

    rows = Notification.objects.order_by("account_id").values_list("account__name", "references")
    assert list(rows) == [("花子の器", "503-1"), ("Mika Books", "503-2")]


def test_what_the_marketplace_judges_no_more_is_left_alone(cart: Source, clock: Any) -> None:
    ship(cart, "503-1")
    clock.shift(reminders.TOO_LATE + timedelta(seconds=1))

    assert reminders.remind_due(timezone.now()) == 0
    assert reminded() == []
    assert CartOrder.objects.get().remind_at is None


def test_a_shop_that_fails_costs_no_other_its_reminder(
    cart: Source, clock: Any, other_shop: SellerAccount, mika: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs, _key = add_source("Mika's cart", kind=SourceKind.CART, account=other_shop)
    ship(cart, "503-1")
    ship(theirs, "503-2")
    clock.shift(HALF_A_DAY)

    def notify(seller: SellerAccount, *arguments: Any, **more: Any) -> pipeline.Result:
        if seller == cart.account:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
        return pipeline.notify(seller, *arguments, **more)

    monkeypatch.setattr(reminders, "notify", notify)

    assert reminders.remind_due(timezone.now()) == 1

    assert reminded() == [["503-2"]]
    assert CartOrder.objects.get(order_id="503-1").reminded_at is None


def test_a_worker_that_dies_after_the_claim_has_told_nothing(
    cart: Source, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ship(cart, "503-1")
    clock.shift(HALF_A_DAY)

    def die(*arguments: Any, **more: Any) -> pipeline.Result:
        pipeline.notify(*arguments, **more)
        raise DatabaseError

    with monkeypatch.context() as patched:
        patched.setattr(reminders, "notify", die)
        assert reminders.remind_due(timezone.now()) == 0
    assert reminded() == []

    assert reminders.remind_due(timezone.now()) == 1
    assert reminded() == [["503-1"]]


def test_the_timetable_reminds_every_hour(cart: Source, clock: Any) -> None:
    ship(cart, "503-1")
    clock.shift(HALF_A_DAY)

    tasks.remind_tracking_numbers()

    assert reminded() == [["503-1"]]
    entry = app.conf.beat_schedule["tracking-numbers"]
    assert (entry["task"], entry["schedule"]) == ("notifications.tasks.remind_tracking_numbers", 3600.0)
