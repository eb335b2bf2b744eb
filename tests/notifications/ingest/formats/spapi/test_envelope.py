"""What messages come wrapped in, whose they are, and when they happened."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import SellerAccount
from notifications.ingest.formats.base import MAX_PARTS
from notifications.ingest.messages.intake import receive
from notifications.models import Notification, SellerAlias, Source
from notifications.types.enums import AliasKind

from .partner import sample, send, statuses

ORDER = sample("order_change")


def camel(value: Any) -> Any:
    """The other spelling."""
    if isinstance(value, list):
        return [camel(one) for one in value]
    if isinstance(value, dict):
        return {name[0].lower() + name[1:]: camel(one) for name, one in value.items()}
    return value


def sns(message: Any) -> dict[str, Any]:
    return {"Type": "Notification", "MessageId": "1", "TopicArn": "arn", "Message": json.dumps(message)}


WRAPPERS = {
    "by itself": ORDER,
    "in the other spelling": camel(ORDER),
    "without the wrapper of its type": ORDER | {"Payload": ORDER["Payload"]["OrderChangeNotification"]},
    "in a list": [ORDER],
    "from a queue": {"Messages": [{"MessageId": "1", "Body": json.dumps(ORDER)}]},
    "from a topic in a queue": {"Messages": [{"MessageId": "1", "Body": json.dumps(sns(ORDER))}]},
    "to a function from a queue": {"Records": [{"messageId": "1", "body": json.dumps(ORDER)}]},
    "to a function from a topic": {"Records": [{"Sns": {"Message": json.dumps(ORDER)}}]},
    "from a topic": sns(ORDER),
    "from a bus": {"version": "0", "id": "1", "detail-type": "ORDER_CHANGE", "detail": ORDER},
    "several queues": [{"Messages": [{"Body": json.dumps([ORDER])}]}],
}


@pytest.mark.parametrize("wrapped", WRAPPERS.values(), ids=WRAPPERS)
def test_however_it_comes_it_is_the_same_message(partner: Source, wrapped: Any) -> None:
    receipts = receive(partner, json.dumps(wrapped).encode(), way="http")

    assert [(one.message_id, one.told) for one in receipts] == [("ORDER_CHANGE:order-1", ("order_confirmed",))]
    assert send(partner, ORDER)[0].outcome == "repeated"


def test_a_byte_order_mark_does_no_harm(partner: Source) -> None:
    assert statuses(receive(partner, b"\xef\xbb\xbf" + json.dumps(ORDER).encode(), way="http")) == ["accepted"]


def test_one_bad_message_of_a_queue_spoils_only_itself(partner: Source) -> None:
    bodies = ["no JSON", json.dumps(ORDER), json.dumps([7]), '{"NotificationType": "\u0000"}']

    receipts = receive(partner, json.dumps({"Messages": [{"Body": one} for one in bodies]}).encode(), way="http")

    assert [(one.outcome, one.reason) for one in receipts] == [
        ("parked", "unreadable"),
        ("accepted", ""),
        ("parked", "unknown_shape"),
        ("parked", "unreadable"),
    ]


def test_types_may_share_an_id(partner: Source) -> None:
    receipts = send(partner, sample("order_change", id="same"), sample("listing_status", id="same"))

    assert statuses(receipts) == ["accepted", "accepted"]


def test_a_message_without_an_id_is_known_by_its_content(partner: Source) -> None:
    nameless = {name: value for name, value in ORDER.items() if name != "NotificationMetadata"}

    receipts = send(partner, nameless, nameless, nameless | {"EventTime": None})

    assert statuses(receipts) == ["accepted", "repeated", "repeated"]
    assert partner.messages.count() == 2


def test_a_body_does_not_take_itself_apart_for_ever(partner: Source) -> None:
    receipts = receive(partner, b"[" * 20 + b"7" + b"]" * 20, way="http")

    assert [(one.outcome, one.reason) for one in receipts] == [("parked", "unknown_shape")]


def test_taking_apart_ends_at_one_too_many(partner: Source) -> None:
    from notifications.ingest.formats.spapi.envelope import take_apart

    parts = take_apart(b"[" + b",".join([b"7"] * 5000) + b"]")

    assert len(parts) == MAX_PARTS + 1


@pytest.mark.parametrize("name", ["SellerId", "sellerId", "MerchantId", "merchantId", "SELLERID"])
def test_the_seller_has_many_names(partner: Source, shop: SellerAccount, name: str) -> None:
    payload = {"reportId": "1", "reportType": "GET_MERCHANT_LISTINGS_DATA", "processingStatus": "DONE"}

    send(partner, {"notificationType": "REPORT_PROCESSING_FINISHED", "payload": payload | {name: "A1HANAKOSHOP01"}})

    assert Notification.objects.get().account == shop


def test_our_own_id_of_the_shop_will_do(partner: Source, other_shop: SellerAccount) -> None:
    send(partner, sample("order_change", SellerId=other_shop.public_id))

    assert Notification.objects.get().account == other_shop


def test_the_sellers_id_goes_before_the_subscription(partner: Source, other_shop: SellerAccount) -> None:
    send(partner, sample("order_change", SellerId="A1MIKABOOKS01"))

    assert Notification.objects.get().account == other_shop


@pytest.mark.parametrize("seller", ["A1NOBODY", None])
def test_the_subscription_will_do(partner: Source, shop: SellerAccount, seller: str | None) -> None:
    send(partner, sample("order_change", SellerId=seller))

    assert Notification.objects.get().account == shop


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"SellerId": "A1NOBODY", "SubscriptionId": "s1"}, "Nobody here is seller A1NOBODY or subscription s1."),
        ({"SellerId": None, "SubscriptionId": "s1"}, "Nobody here is subscription s1."),
        ({"SellerId": None, "SubscriptionId": None}, "It names neither a seller nor a subscription."),
    ],
)
def test_a_seller_whom_nobody_knows_is_parked(partner: Source, changes: dict[str, str], detail: str) -> None:
    (receipt,) = send(partner, sample("order_change", **changes))

    assert (receipt.outcome, receipt.reason, receipt.detail) == ("parked", "unknown_seller", detail)
    assert Notification.objects.count() == 0


def test_names_count_only_at_their_own_source(partner: Source, other_shop: SellerAccount) -> None:
    other = Source.objects.create(name="Another", kind=partner.kind)
    SellerAlias.objects.create(source=other, kind=AliasKind.SELLER, value="A1ELSEWHERE", account=other_shop)

    (receipt,) = send(partner, sample("order_change", SellerId="A1ELSEWHERE", SubscriptionId=None))

    assert receipt.reason == "unknown_seller"


def test_the_source_of_one_shop_tells_no_other(partner: Source, shop: SellerAccount) -> None:
    Source.objects.filter(pk=partner.pk).update(account=shop)
    partner.refresh_from_db()

    foreign = send(partner, sample("order_change", id="1", SellerId="A1MIKABOOKS01"))
    nameless = send(partner, sample("order_change", id="2", SellerId=None, SubscriptionId=None))

    assert ([one.reason for one in foreign], statuses(nameless)) == (["unknown_seller"], ["accepted"])
    assert Notification.objects.get().account == shop


@pytest.mark.parametrize("said", ["2031-01-01T00:00:00Z", "2020-01-11T00:09:53.109Z", "yesterday", "", None])
def test_a_clock_that_cannot_be_believed_is_not(partner: Source, said: str | None) -> None:
    before = timezone.now()

    send(partner, sample("order_change", EventTime=said))

    assert before <= Notification.objects.get().occurred_at <= timezone.now()


def test_a_clock_that_can_be_believed_is(partner: Source) -> None:
    said = timezone.now() - timedelta(days=399)

    send(partner, sample("order_change", EventTime=said.isoformat()))

    assert Notification.objects.get().occurred_at == said


def test_a_time_without_an_offset_is_utc(partner: Source) -> None:
    send(partner, sample("order_change", EventTime="2026-11-20T09:30:00"))

    assert Notification.objects.get().occurred_at == datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
