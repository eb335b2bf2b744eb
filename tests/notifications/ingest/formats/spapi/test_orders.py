"""ORDER_CHANGE and FBA_OUTBOUND_SHIPMENT_STATUS."""

import pytest

from accounts.models import SellerAccount
from notifications.models import KnownListing, Notification, Source
from notifications.types.enums import Reason

from .partner import MARKETPLACE, sample, send, statuses

ORDER = "503-4471920-8812007"


def told() -> list[tuple[str, dict[str, object], str]]:
    return list(Notification.objects.order_by("pk").values_list("type", "data", "withheld"))


def test_an_unshipped_order_is_told_with_what_is_known(partner: Source, shop: SellerAccount) -> None:
    KnownListing.objects.create(account=shop, marketplace_id=MARKETPLACE, sku="HC-YUNOMI-02", title="湯呑み")

    (receipt,) = send(partner, sample("order_change"))

    assert (receipt.outcome, receipt.told) == ("accepted", ("order_confirmed",))
    assert told() == [
        (
            "order_confirmed",
            {
                "order_id": ORDER,
                "items": [
                    {"sku": "HC-YUNOMI-02", "quantity": 1, "title": "湯呑み"},
                    {"sku": "HC-MAMEZARA-11", "quantity": 2},
                ],
                "ship_by": "2026-11-23T14:59:59+00:00",
                "status": "unshipped",
            },
            "",
        )
    ]


def test_it_is_told_once_however_often_and_by_which_message(partner: Source) -> None:
    send(partner, sample("order_change"))

    again = send(partner, sample("order_change"), sample("order_change", id="order-2", Quantity=5))

    assert statuses(again) == ["repeated", "repeated"]
    assert Notification.objects.count() == 1


def test_a_pending_order_is_kept_and_told_when_it_is_confirmed(partner: Source) -> None:
    send(partner, sample("order_change", id="1", OrderStatus="Pending"))
    kept = told()

    send(partner, sample("order_change", id="2"))

    assert [(type_key, withheld) for type_key, _data, withheld in kept] == [
        ("order_confirmed", Reason.ORDER_NOT_CONFIRMED)
    ]
    assert [withheld for _type, _data, withheld in told()] == [Reason.ORDER_NOT_CONFIRMED, ""]


def test_a_buyer_who_would_cancel_is_told_once_and_apart(partner: Source) -> None:
    send(partner, sample("order_change", id="1"))

    first = send(partner, sample("order_change", id="2", IsBuyerRequestedCancel=True))
    again = send(partner, sample("order_change", id="3", IsBuyerRequestedCancel=True))

    assert (statuses(first), statuses(again)) == (["accepted"], ["repeated"])
    assert [(data.get("cancel_requested"), withheld) for _type, data, withheld in told()] == [
        (None, ""),
        (True, ""),
    ]


def test_a_seller_who_knows_of_the_cancellation_is_not_asked_to_ship(partner: Source) -> None:
    change = {"OrderChangeType": "BuyerRequestedChange", "ChangeReason": "Buyer Requested Cancel"}
    send(partner, sample("order_change", id="1", **change))

    (late,) = send(partner, sample("order_change", id="2"))

    assert (late.outcome, late.detail) == (
        "ignored",
        "The seller knows already that the buyer would like to cancel this order.",
    )
    assert Notification.objects.count() == 1


@pytest.mark.parametrize("fulfilment", ["MFN", "AFN"])
@pytest.mark.parametrize(
    ("status", "why"),
    [
        ("Shipped", "The order is being shipped: the seller knows."),
        ("PartiallyShipped", "The order is being shipped: the seller knows."),
        ("Canceled", "The order was cancelled: only confirmed orders are told."),
        ("Unfulfillable", "The order is not confirmed."),
    ],
)
def test_other_states_are_ignored_with_a_reason(partner: Source, fulfilment: str, status: str, why: str) -> None:
    (receipt,) = send(partner, sample("order_change", OrderStatus=status, FulfillmentType=fulfilment))

    assert (receipt.outcome, receipt.reason, receipt.detail) == ("ignored", "not_for_sellers", why)
    assert Notification.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"OrderStatus": "Teleported"}, "Payload.Summary.OrderStatus says what we do not know."),
        ({"FulfillmentType": "XFN"}, "Payload.Summary.FulfillmentType says what we do not know."),
        ({"AmazonOrderId": None}, "Payload.AmazonOrderId is missing."),
        ({"AmazonOrderId": 7}, "Payload.AmazonOrderId is not a text."),
        ({"AmazonOrderId": "5" * 65}, "Payload.AmazonOrderId is longer than 64 characters."),
        ({"Summary": []}, "Payload.Summary is not an object."),
        ({"OrderItems": []}, "Payload.Summary.OrderItems is empty."),
        (
            {"OrderItems": [{"SellerSKU": "A", "Quantity": "2"}]},
            "Payload.Summary.OrderItems[0].Quantity is not a whole number.",
        ),
    ],
)
def test_what_we_do_not_understand_is_parked(
    partner: Source, shop: SellerAccount, changes: dict[str, object], detail: str
) -> None:
    (receipt,) = send(partner, sample("order_change", **changes))

    assert (receipt.outcome, receipt.reason, receipt.detail) == ("parked", "unknown_shape", detail)
    assert partner.messages.get().account == shop
    assert Notification.objects.count() == 0


def test_what_does_not_fit_the_type_is_refused_with_its_field(partner: Source) -> None:
    (receipt,) = send(partner, sample("order_change", AmazonOrderId="注文1"))

    assert (receipt.outcome, receipt.reason) == ("parked", "refused")
    assert receipt.detail.startswith("order_confirmed: data.order_id: ")
    assert partner.messages.get().refused == 1


def test_what_the_marketplace_ships_is_told_by_order_or_shipment(partner: Source) -> None:
    order = sample("order_change", FulfillmentType="AFN", AmazonOrderId="249-3300718-5501442")

    first = send(partner, sample("fba_outbound_shipment"))
    second = send(partner, order)

    assert (statuses(first), statuses(second)) == (["accepted"], ["repeated"])
    assert told() == [("fba_order_confirmed", {"order_id": "249-3300718-5501442", "items": []}, "")]


def test_another_state_of_a_shipment_is_ignored(partner: Source) -> None:
    (receipt,) = send(partner, sample("fba_outbound_shipment", ShipmentStatus="Canceled"))

    assert (receipt.outcome, receipt.told) == ("ignored", ())
