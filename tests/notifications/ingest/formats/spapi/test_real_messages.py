"""The examples of the API's own documentation, where a folder of them is at hand (`SPAPI_SAMPLES`)."""

import os
from pathlib import Path

import pytest

from accounts.models import SellerAccount
from notifications.ingest.messages.intake import receive
from notifications.models import Notification, Source

FOLDER = os.environ.get("SPAPI_SAMPLES", "")

pytestmark = pytest.mark.skipif(not FOLDER, reason="SPAPI_SAMPLES names no folder")

EXPECTED = {
    "api__listPayouts": ("ignored", "The payout is paid."),
    "docsguide__ACCOUNT_STATUS_CHANGED__1": ("accepted", "account_at_risk"),
    "notification__FBA_OUTBOUND_SHIPMENT_STATUS__FBAOutboundShipmentStatusNotification__0": (
        "accepted",
        "fba_order_confirmed",
    ),
    "notification__LISTINGS_ITEM_ISSUES_CHANGE__ListingsItemIssuesChangeNotification__0": (
        "accepted",
        "listing_at_risk",
    ),
    "notification__LISTINGS_ITEM_STATUS_CHANGE__ListingsItemStatusChangeNotification__0": (
        "accepted",
        "listing_created",
    ),
    "notification__ORDER_CHANGE__OrderChangeNotification__0": ("accepted", "order_confirmed"),
    "notification__PRICING_HEALTH__PricingHealthNotification__0": ("accepted", "coach_recommendations"),
    "notification__REPORT_PROCESSING_FINISHED__ReportProcessingFinishedNotification__0": (
        "accepted",
        "report_order_fulfillment",
    ),
}


def files() -> list[Path]:
    return sorted(Path(FOLDER).glob("*.json"))


def test_every_file_is_expected() -> None:
    assert [path.stem for path in files()] == sorted(EXPECTED)


def test_each_becomes_the_right_notice_or_says_why_not(partner: Source, shop: SellerAccount) -> None:
    """All in one run: the examples share IDs among types."""
    found = {}
    for path in files():
        (receipt,) = receive(partner, path.read_bytes(), way="command", stand_in=shop)
        found[path.stem] = (receipt.outcome.value, *(receipt.told or (receipt.detail,)))

    assert found == EXPECTED


def test_without_knowing_the_sellers_each_is_parked(partner: Source) -> None:
    for path in files():
        (receipt,) = receive(partner, path.read_bytes(), way="command")
        assert (receipt.outcome, receipt.reason) == ("parked", "unknown_seller")

    assert Notification.objects.count() == 0
