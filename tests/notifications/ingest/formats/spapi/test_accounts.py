"""Account status, performance, payouts, prices, reports and feeds."""

from datetime import UTC, datetime

import pytest
import time_machine

from notifications.models import KnownListing, Notification, Source

from .partner import MARKETPLACE, SKU, sample, send, statuses


def told() -> list[tuple[str, dict[str, object]]]:
    return list(Notification.objects.order_by("pk").values_list("type", "data"))


@pytest.mark.parametrize(
    ("before", "now", "type_key", "data"),
    [
        ("NORMAL", "AT_RISK", "account_at_risk", {}),
        ("NORMAL", "DEACTIVATED", "account_suspended", {}),
        ("AT_RISK", "DEACTIVATED", "account_suspended", {}),
        ("AT_RISK", "NORMAL", "account_at_risk", {"over": True}),
        ("DEACTIVATED", "AT_RISK", "account_at_risk", {"after_suspension": True}),
        ("DEACTIVATED", "NORMAL", "account_suspended", {"lifted": True}),
    ],
)
def test_every_change_of_the_account_is_told_in_its_own_words(
    partner: Source, before: str, now: str, type_key: str, data: dict[str, object]
) -> None:
    send(partner, sample("account_status", previousAccountStatus=before, currentAccountStatus=now))

    assert told() == [(type_key, data)]


def test_the_same_change_published_twice_is_told_once(partner: Source) -> None:
    receipts = send(partner, sample("account_status", id="1"), sample("account_status", id="2"))

    assert statuses(receipts) == ["accepted", "repeated"]
    assert Notification.objects.count() == 1


@pytest.mark.parametrize("standing", ["NORMAL", "AT_RISK", "DEACTIVATED"])
def test_no_change_is_ignored(partner: Source, standing: str) -> None:
    receipts = send(partner, sample("account_status", previousAccountStatus=standing, currentAccountStatus=standing))

    assert statuses(receipts) == ["ignored"]


def test_a_standing_that_we_do_not_know_is_not_passed_over(partner: Source) -> None:
    (receipt,) = send(partner, sample("account_status", currentAccountStatus="WATCHED"))

    assert (receipt.reason, receipt.detail) == (
        "unknown_shape",
        "Payload.currentAccountStatus says what we do not know.",
    )


def test_rates_beyond_their_limits_are_told(partner: Source) -> None:
    (receipt,) = send(partner, sample("performance"))

    period = {"from": "2026-10-20", "to": "2026-11-18"}
    assert receipt.told == ("late_shipment_rate", "valid_tracking_rate", "health_contact")
    assert told()[:2] == [
        ("late_shipment_rate", {"rate": "4.40", "period": period}),
        ("valid_tracking_rate", {"rate": "91.50", "period": period}),
    ]
    assert told()[2][1]["topic"]["en"] == (
        "Order defect rate (orders that you ship): 2.2%, where less than 1% is required."
        " Claims: 5, chargebacks: 1, negative feedback: 3"
    )


@pytest.mark.parametrize(
    ("name", "rate", "shown"),
    [("lateShipmentRate", 0.0400001, "4.01"), ("validTrackingRate", 0.9499999, "94.99")],
)
def test_what_is_a_little_beyond_its_limit_is_beyond_it(partner: Source, name: str, rate: float, shown: str) -> None:
    metrics = sample("performance")["performanceMetrics"][0]

    send(partner, sample("performance", performanceMetrics=[{name: metrics[name] | {"rate": rate}}]))

    assert [(data["rate"], withheld) for data, withheld in Notification.objects.values_list("data", "withheld")] == [
        (shown, "")
    ]


def test_the_report_of_the_next_day_tells_nothing_new(partner: Source) -> None:
    send(partner, sample("performance"))

    (receipt,) = send(partner, sample("performance", reportingDateTo="2026-11-19T23:59Z"))

    assert receipt.outcome == "repeated"
    assert Notification.objects.count() == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"lateShipmentRate": {"rate": 0.04}, "validTrackingRate": {"rate": 0.95}, "status": "GOOD"},
        {"orderCount": 0, "shipmentCount": 0},
        {"performanceMetrics": []},
    ],
)
def test_rates_within_their_limits_or_without_orders_are_ignored(partner: Source, changes: dict[str, object]) -> None:
    (receipt,) = send(partner, sample("performance", **changes))

    assert (receipt.outcome, receipt.detail) == ("ignored", "Every rate meets its requirement.")
    assert Notification.objects.count() == 0


def test_of_payouts_the_failed_one_is_told(partner: Source) -> None:
    receipts = send(partner, sample("payouts"))

    assert statuses(receipts) == ["accepted", "ignored"]
    row = Notification.objects.get()
    assert row.data == {"amount": "184200", "currency": "JPY", "account_tail": "4821"}
    assert row.occurred_at == datetime(2026, 11, 20, 6, tzinfo=UTC)


def test_a_payout_is_told_once_however_its_history_grows(partner: Source) -> None:
    send(partner, sample("payouts"))

    receipts = send(partner, sample("payouts", statusHistory=[]))

    assert statuses(receipts) == ["repeated", "ignored"]
    assert Notification.objects.count() == 1


def test_an_amount_that_its_currency_cannot_express_is_refused(partner: Source) -> None:
    receipts = send(partner, sample("payouts", currencyAmount=12.5))

    assert [(one.outcome, one.reason) for one in receipts] == [
        ("parked", "refused"),
        ("ignored", "not_for_sellers"),
    ]


def test_a_price_is_advised_in_both_languages(partner: Source, shop: object) -> None:
    KnownListing.objects.create(
        account=shop, marketplace_id=MARKETPLACE, sku=SKU, asin="B0HANAKO02", title="美濃焼 湯呑み"
    )

    send(partner, sample("pricing_health"))

    assert told() == [
        (
            "coach_recommendations",
            {
                "recommendations": [
                    {
                        "kind": "price",
                        "sku": SKU,
                        "text": {
                            "ja": "「美濃焼 湯呑み」は、価格が理由で「おすすめ出品」に選ばれていません。"
                            "現在の価格は送料込みで¥3,700です。競争力のある価格の目安は¥3,380です。",
                            "en": "“美濃焼 湯呑み” is not the featured offer because of its price."
                            " Your price with shipping is ¥3,700. A competitive price is ¥3,380.",
                        },
                    }
                ]
            },
        )
    ]


def test_prices_are_advised_weekly_for_each_product(partner: Source) -> None:
    with time_machine.travel(datetime(2026, 11, 23, 1, tzinfo=UTC), tick=False) as clock:
        first = send(partner, sample("pricing_health", id="1"), sample("pricing_health", id="2", asin="B0OTHER"))
        clock.move_to(datetime(2026, 11, 29, 23, tzinfo=UTC))
        same_week = send(partner, sample("pricing_health", id="3"))
        clock.move_to(datetime(2026, 11, 30, 1, tzinfo=UTC))
        next_week = send(partner, sample("pricing_health", id="4"))

    assert [statuses(one) for one in (first, same_week, next_week)] == [
        ["accepted", "accepted"],
        ["repeated"],
        ["accepted"],
    ]


@pytest.mark.parametrize(
    ("named", "type_key"),
    [
        ("GET_FLAT_FILE_OPEN_LISTINGS_DATA", "report_open_listings"),
        ("GET_FLAT_FILE_ACTIONABLE_ORDER_DATA", "report_order_fulfillment"),
        ("GET_CONVERGED_FLAT_FILE_SOLD_LISTINGS_DATA", "report_sold_listings"),
        ("GET_MERCHANT_CANCELLED_LISTINGS_DATA", "report_cancelled_listings"),
    ],
)
@pytest.mark.parametrize(("status", "outcome"), [("DONE", "ready"), ("CANCELLED", "cancelled"), ("FATAL", "failed")])
def test_each_report_is_told_with_its_outcome(
    partner: Source, named: str, type_key: str, status: str, outcome: str
) -> None:
    send(partner, sample("report_finished", reportType=named, processingStatus=status))

    assert told() == [(type_key, {"report_id": "77120026114", "outcome": outcome})]


@pytest.mark.parametrize(
    "changes", [{"reportType": "GET_FBA_INVENTORY_PLANNING_DATA"}, {"processingStatus": "IN_PROGRESS"}]
)
def test_other_reports_are_ignored(partner: Source, changes: dict[str, str]) -> None:
    assert statuses(send(partner, sample("report_finished", **changes))) == ["ignored"]


def test_a_feed_that_failed_says_what_to_do(partner: Source) -> None:
    send(partner, sample("feed_finished"))

    ((type_key, data),) = told()
    assert type_key == "technical_notice"
    assert data["body"]["ja"].startswith("フィードID：66310020441\n\n種類：JSON_LISTINGS_FEED\n\n")
    assert len(data["steps"]) == 3


@pytest.mark.parametrize("status", ["DONE", "CANCELLED", "IN_QUEUE"])
def test_other_feeds_are_ignored(partner: Source, status: str) -> None:
    assert statuses(send(partner, sample("feed_finished", processingStatus=status))) == ["ignored"]


def test_every_other_type_is_not_for_sellers(partner: Source) -> None:
    (receipt,) = send(partner, sample("fee_promotion"))

    assert (receipt.outcome, receipt.reason, receipt.detail) == (
        "ignored",
        "not_for_sellers",
        "FEE_PROMOTION is not for sellers.",
    )
