"""What a shop is told of the orders in its feeds, and how often."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import SellerAccount, User
from notifications.ingest.api_keys import add_source
from notifications.ingest.formats.cart.carriers import FALLBACK
from notifications.ingest.formats.cart.statuses import State
from notifications.ingest.messages.intake import receive
from notifications.ingest.messages.receipts import Receipt
from notifications.models import CartOrder, Notification, Source, SourceMessage
from notifications.types.enums import MessageState, ParkReason, Reason, SourceKind
from notifications.types.payloads import read
from tests.notifications.ingest.formats.cart.feeds import SAMPLES, csv_of, row
from tests.waiting import ONE_FIXTURE_FOR_ALL_EXAMPLES

AFTER_THE_SAMPLES = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


def feed(cart: Source, *rows: str) -> list[Receipt]:
    return receive(cart, csv_of(*rows).encode("cp932"), way="http", content_type="text/csv")


def told() -> list[tuple[str, str]]:
    """The type of each notification and the order it is about."""
    return [
        (one.type, one.data.get("order_id") or one.data["orders"][0]["order_id"])
        for one in Notification.objects.order_by("pk")
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@time_machine.travel(AFTER_THE_SAMPLES, tick=False)
def test_a_feed_in_japanese_becomes_notices(cart: Source, shop: SellerAccount, encoding: str) -> None:
    body = (SAMPLES / "orders.csv").read_text(encoding="utf-8").encode(encoding)

    receipts = receive(cart, body, way="http", content_type="text/csv")

    assert [receipt.outcome for receipt in receipts] == [
        *("accepted", "accepted", "accepted", "ignored", "ignored", "accepted", "accepted", "ignored", "accepted")
    ]
    assert told() == [
        ("order_confirmed", "503-4410023-1180501"),
        ("order_confirmed", "503-4410023-1180502"),
        ("fba_order_confirmed", "249-4410023-1180503"),
        ("technical_notice", "503-4410023-1180506"),
        ("return_requested", "503-4410023-1180507"),
        ("order_confirmed", "503-4410023-1180509"),
    ]
    assert list(CartOrder.objects.order_by("pk").values_list("status", "marketplace_carrier", "by_marketplace")) == [
        ("confirmed", "ヤマト運輸", False),
        ("pending", "", False),
        ("confirmed", "", True),
        ("shipped", "佐川急便", False),
        ("shipped", "日本郵便", False),
        ("shipped", "西濃運輸", False),
        ("returned", "ヤマト運輸", False),
        ("cancelled", "", False),
        ("confirmed", FALLBACK, False),
    ]


@time_machine.travel(AFTER_THE_SAMPLES, tick=False)
def test_an_order_notice_carries_all_that_the_feed_says(cart: Source) -> None:
    receive(cart, (SAMPLES / "orders.csv").read_bytes(), way="http", content_type="text/csv")

    first = Notification.objects.order_by("pk")[0]
    last = Notification.objects.order_by("pk")[5]
    assert first.data == {
        "order_id": "503-4410023-1180501",
        "items": [
            {"title": "美濃焼 手びねり湯呑み 青磁 2個セット", "sku": "HC-YUNOMI-02", "quantity": 1, "price": 3200},
            {"title": "波佐見焼 豆皿 染付 千鳥", "sku": "HC-MAMEZARA-11", "quantity": 3, "price": 880},
        ],
        "status": "confirmed",
        "shipping_method": "宅配便",
        "ship_by": "2026-11-27",
        "carrier": {"name": "ヤマト運輸", "own_name": "クロネコヤマト", "known": True},
    }
    assert first.occurred_at == datetime(2026, 11, 24, 1, 12, tzinfo=UTC)
    assert last.data["carrier"] == {"name": "配送業者ABF", "own_name": "トナミ運輸", "known": False}


def test_a_pending_order_is_kept_and_told_when_it_is_confirmed(cart: Source) -> None:
    feed(cart, row(status="保留中"))
    kept = Notification.objects.get()

    feed(cart, row(status="未処理"))

    assert kept.withheld == Reason.ORDER_NOT_CONFIRMED
    confirmed = Notification.objects.exclude(pk=kept.pk).get()
    assert (confirmed.type, confirmed.data["status"], confirmed.withheld) == ("order_confirmed", "confirmed", "")


def test_the_same_feed_again_changes_nothing(cart: Source) -> None:
    feed(cart, row(), row("503-2", status="配送完了"))
    before = list(CartOrder.objects.values())

    receipts = feed(cart, row(), row("503-2", status="配送完了"))

    assert [receipt.outcome for receipt in receipts] == ["repeated", "repeated"]
    assert list(CartOrder.objects.values()) == before
    assert told() == [("order_confirmed", "503-1")]


def test_the_same_news_in_other_words_is_told_once(cart: Source) -> None:
    feed(cart, row(status="未処理"))

    receipts = feed(cart, row(status="新規注文"))

    assert [(receipt.outcome, receipt.detail) for receipt in receipts] == [
        ("ignored", "Nothing new: the order is known as confirmed already.")
    ]
    assert told() == [("order_confirmed", "503-1")]


def test_an_older_state_undoes_nothing_and_is_not_told(cart: Source) -> None:
    feed(cart, row(status="配送完了", carrier="佐川急便", number="4012"))

    (receipt,) = feed(cart, row(status="未処理", carrier="クロネコヤマト"))

    assert (receipt.outcome, receipt.detail) == (
        "ignored",
        "An older state of the order: it is known as shipped already.",
    )
    assert told() == []
    order = CartOrder.objects.get()
    assert (order.status, order.carrier, order.tracking_number) == ("shipped", "佐川急便", "4012")


@pytest.mark.parametrize("status", ["保留中", "配送完了", "返送", "キャンセル", "連携失敗"])
def test_an_order_that_the_marketplace_ships_asks_the_shop_for_nothing(cart: Source, status: str) -> None:
    (receipt,) = feed(cart, row(status=status, method="AmazonFBA配送", carrier="ゆうパック", payment="連携失敗"))

    assert receipt.outcome == "ignored"
    assert told() == []
    order = CartOrder.objects.get()
    assert (order.by_marketplace, order.marketplace_carrier, order.remind_at) == (True, "", None)


def test_an_order_of_the_marketplace_stays_one_when_a_feed_leaves_the_method_out(cart: Source) -> None:
    feed(cart, row(method="AmazonFBA配送"))

    feed(cart, row(method="", status="配送完了", carrier="ゆうパック"))

    order = CartOrder.objects.get()
    assert (order.by_marketplace, order.remind_at) == (True, None)
    assert told() == [("fba_order_confirmed", "503-1")]


def test_a_failed_sync_is_told_once_whatever_comes_after_it(cart: Source) -> None:
    feed(cart, row(status="配送完了", payment="連携失敗", carrier="西濃運輸"))

    feed(cart, row(status="配送完了", payment="連携失敗", carrier="西濃運輸", number="77"))
    feed(cart, row(status="返送", payment="連携失敗", carrier="西濃運輸", number="77"))

    assert told() == [("technical_notice", "503-1"), ("return_requested", "503-1")]
    notice: Any = read("technical_notice", Notification.objects.order_by("pk")[0].data)
    assert notice.title.ja == "注文503-1の連携に失敗しました"
    assert [order.carrier for order in notice.orders] == ["西濃運輸"]
    assert notice.references() == ("503-1",)


def test_what_another_source_of_the_shop_brings_too_is_told_once(cart: Source, shop: SellerAccount) -> None:
    second, _key = add_source("Second cart", kind=SourceKind.CART, account=shop)
    rows = [
        row("503-1"),
        row("503-2", "返送"),
        row("503-3", "配送完了", payment="連携失敗"),
        row("503-4", method="FBA"),
    ]
    feed(cart, *rows)

    feed(second, *rows)

    shown = Notification.objects.filter(withheld="").order_by("pk").values_list("type", flat=True)
    assert list(shown) == ["order_confirmed", "return_requested", "technical_notice", "fba_order_confirmed"]


@pytest.mark.parametrize("status", ["キャンセル", "返送", "保留中"])
def test_a_failed_sync_asks_nothing_for_an_order_that_needs_no_shipment(cart: Source, status: str) -> None:
    feed(cart, row(status=status, payment="連携失敗"))

    assert "technical_notice" not in [type for type, _order in told()]


def test_a_bad_line_is_parked_alone_and_leaves_nothing_behind(cart: Source) -> None:
    receipts = feed(cart, row(), row("503-2", item="茶碗,HC-2,たくさん,900"), row("503-3"))

    assert [receipt.outcome for receipt in receipts] == ["accepted", "parked", "accepted"]
    assert (receipts[1].reason, receipts[1].detail) == (
        ParkReason.UNKNOWN_SHAPE,
        "Line 3, column “数量”: This is not a whole number from 1 on.",
    )
    assert sorted(CartOrder.objects.values_list("order_id", flat=True)) == ["503-1", "503-3"]
    assert SourceMessage.objects.get(state=MessageState.PARKED).detail == receipts[1].detail


def test_sentences_are_in_the_language_of_the_asker(cart: Source) -> None:
    with override("ja"):
        (receipt,) = feed(cart, row(status="謎"))

    assert receipt.detail != ""  # its Japanese stands in the translations


def test_a_cart_without_a_shop_tells_nobody(shop: SellerAccount, hanako: User) -> None:
    stray, _key = add_source("Stray cart", kind=SourceKind.CART)

    (receipt,) = feed(stray, row())

    assert (receipt.outcome, receipt.reason) == ("parked", ParkReason.UNKNOWN_SELLER)
    assert not CartOrder.objects.exists()


def test_two_shops_may_have_the_same_order_number(cart: Source, other_shop: SellerAccount, mika: User) -> None:
    theirs, _key = add_source("Mika's cart", kind=SourceKind.CART, account=other_shop)

    feed(cart, row())
    feed(theirs, row())

    assert sorted(Notification.objects.values_list("account__name", flat=True)) == ["Mika Books", "花子の器"]
    assert CartOrder.objects.count() == 2


def test_the_clock_of_a_cart_is_not_trusted(cart: Source) -> None:
    ahead = (timezone.localtime() + timedelta(days=3)).strftime("%Y/%m/%d %H:%M")
    before = timezone.now()

    receive(
        cart,
        f"注文番号,処理区分,注文日時,発送日時,配送業者,商品名,SKU,数量\n"
        f"503-1,未処理,{ahead},,,湯呑み,HC-1,1\n503-2,配送完了,,{ahead},ゆうパック,湯呑み,HC-1,1\n".encode(),
        way="http",
    )

    assert before <= Notification.objects.get().occurred_at <= timezone.now()
    shipped_at = CartOrder.objects.get(order_id="503-2").shipped_at
    assert shipped_at is not None
    assert before <= shipped_at <= timezone.now()


STATUSES = {
    State.PENDING: "保留中",
    State.CONFIRMED: "未処理",
    State.CANCELLED: "キャンセル",
    State.SHIPPED: "配送完了",
    State.RETURNED: "返送",
}
snapshots = st.tuples(
    st.sampled_from(list(State)),
    st.sampled_from(["", "ゆうパック", "赤帽"]),
    st.sampled_from(["", "4012"]),
    st.sampled_from(["", "連携失敗"]),
)


@settings(max_examples=40, suppress_health_check=ONE_FIXTURE_FOR_ALL_EXAMPLES)
@given(
    feeds=st.lists(st.dictionaries(st.sampled_from(["503-1", "503-2"]), snapshots, min_size=1), min_size=1, max_size=6)
)
def test_any_order_and_repetition_of_feeds_tells_each_fact_once(
    cart: Source, feeds: list[dict[str, tuple[State, str, str, str]]]
) -> None:
    for model in (Notification, CartOrder, SourceMessage):
        model._default_manager.all().delete()

    for orders in feeds:
        feed(
            cart,
            *[
                row(order_id, STATUSES[state], carrier, number, payment=payment)
                for order_id, (state, carrier, number, payment) in orders.items()
            ],
        )

    facts = [(one.type, one.references, one.withheld) for one in Notification.objects.all()]
    assert len(facts) == len(set(facts))
    told = [(order_id, orders[order_id][0]) for orders in feeds for order_id in orders]
    assert dict(CartOrder.objects.values_list("order_id", "status")) == {
        order_id: max((state for one, state in told if one == order_id), key=lambda state: state.step)
        for order_id, _state in told
    }


@settings(max_examples=150, suppress_health_check=ONE_FIXTURE_FOR_ALL_EXAMPLES)
@given(
    body=st.binary(max_size=300)
    | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass"))
    | st.lists(st.text(alphabet='",\n\r\t 503-未処理配送完了ゆ�\x00', max_size=60), max_size=6).map(
        lambda rows: csv_of(*rows).encode()
    )
    | st.text(alphabet='[]{}":,\\ud8 orders503-', max_size=120).map(lambda text: f'{{"orders":[{text}'.encode()),
    content_type=st.sampled_from(["", "text/csv", "application/json", "text/csv; charset=Shift_JIS", "\x00"]),
)
def test_no_bytes_break_the_door(cart: Source, body: bytes, content_type: str) -> None:
    for receipt in receive(cart, body, way="http", content_type=content_type):
        assert receipt.reason != ParkReason.FAILED
