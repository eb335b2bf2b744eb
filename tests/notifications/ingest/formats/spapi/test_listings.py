"""Listings: created, closed, in trouble, and counted."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import SellerAccount
from notifications.models import KnownListing, Notification, Source
from tests.waiting import LIMIT_SECONDS

from .partner import MARKETPLACE, SKU, sample, send, statuses

OPEN = ["BUYABLE", "DISCOVERABLE"]


def types() -> list[str]:
    return list(Notification.objects.order_by("pk").values_list("type", flat=True))


def status(id: str, said: list[str], **changes: object) -> dict[str, object]:
    return sample("listing_status", id=id, Status=said, EventTime=f"2026-11-20T09:{30 + int(id)}:00Z", **changes)


def issues(id: str, severities: list[str], measures: list[str], **changes: object) -> dict[str, object]:
    times = {"EventTime": f"2026-11-20T09:{30 + int(id)}:00Z"}
    return sample("listing_issues", id=id, Severities=severities, EnforcementActions=measures, **(times | changes))


def listing() -> KnownListing:
    return KnownListing.objects.get(sku=SKU)


def test_a_new_listing_is_told_and_remembered(partner: Source, shop: SellerAccount) -> None:
    send(partner, sample("listing_status"))

    row = listing()
    assert (row.account, row.marketplace_id, row.asin, row.is_open) == (shop, MARKETPLACE, "B0HANAKO02", True)
    assert list(Notification.objects.values_list("type", "data")) == [("listing_created", {"sku": SKU})]


def test_a_listing_that_we_meet_late_is_not_new(partner: Source) -> None:
    receipts = send(partner, sample("listing_status", CreatedDate="2025-03-01T00:00:00Z"))

    assert [(one.outcome, one.detail) for one in receipts] == [("ignored", "The listing is open, and not new.")]
    assert listing().is_open is True


def test_it_is_closed_when_it_was_open_and_is_no_more(partner: Source) -> None:
    send(partner, status("1", OPEN), status("2", []))

    closed = Notification.objects.get(type="listing_closed")
    assert (closed.data["sku"], closed.data["why"]["en"]) == (SKU, "Buyers can no longer find or buy it.")
    assert listing().is_open is False


def test_what_was_deleted_is_closed_even_if_we_never_met_it(partner: Source) -> None:
    send(partner, status("1", ["DELETED"]))

    assert Notification.objects.get().data["why"]["en"] == "The listing was deleted."


@pytest.mark.parametrize(
    ("said", "outcomes"),
    [
        ([OPEN, ["DISCOVERABLE"]], ["accepted", "ignored"]),
        ([[], OPEN], ["ignored", "accepted"]),
        ([OPEN, [], []], ["accepted", "accepted", "ignored"]),
        ([OPEN, [], ["DELETED"]], ["accepted", "accepted", "ignored"]),
        ([OPEN, [], OPEN], ["accepted", "accepted", "repeated"]),
        ([OPEN, [], OPEN, []], ["accepted", "accepted", "repeated", "accepted"]),
    ],
)
def test_only_changes_are_told(partner: Source, said: list[list[str]], outcomes: list[str]) -> None:
    receipts = [send(partner, status(str(number), one))[0] for number, one in enumerate(said)]

    assert statuses(receipts) == outcomes


def test_a_listing_made_anew_is_told_anew(partner: Source) -> None:
    again = status("9", OPEN, CreatedDate="2026-11-20T09:37:00Z")

    send(partner, status("1", OPEN), status("2", ["DELETED"]), again)

    assert types() == ["listing_created", "listing_closed", "listing_created"]


def test_a_status_that_we_do_not_know_closes_nothing(partner: Source) -> None:
    send(partner, status("1", OPEN))

    (receipt,) = send(partner, status("2", ["FROZEN"]))

    assert (receipt.outcome, receipt.reason) == ("parked", "unknown_shape")
    assert listing().is_open is True


def test_a_listing_that_buyers_can_no_longer_buy_is_suspended_before_it_is_at_risk(partner: Source) -> None:
    send(partner, sample("listing_issues"))

    told = Notification.objects.get()
    assert told.type == "listing_suspended"
    assert told.data == {
        "sku": SKU,
        "reason": {
            "ja": "購入者がこの商品を購入できなくなりました。この商品は検索結果に表示されません。",
            "en": "Buyers can no longer buy the product. The product does not appear in search results.",
        },
    }


def test_the_first_version_says_only_that_there_is_an_error(partner: Source) -> None:
    send(partner, sample("listing_issues_first_version"))

    assert types() == ["listing_at_risk"]
    assert Notification.objects.get().data["reason"]["en"] == "The listing has errors that must be corrected."


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ([(["WARNING"], [])], []),
        ([(["NONE"], [])], []),
        ([(["ERROR"], []), (["ERROR"], ["SEARCH_SUPPRESSED"])], ["listing_at_risk"]),
        ([(["ERROR"], []), (["ERROR"], ["CATALOG_ITEM_REMOVED"])], ["listing_at_risk", "listing_suspended"]),
        ([(["ERROR"], ["LISTING_SUPPRESSED"]), (["ERROR"], [])], ["listing_suspended"]),
        ([(["ERROR"], []), (["NONE"], []), (["ERROR"], [])], ["listing_at_risk", "listing_at_risk"]),
        ([(["WARNING"], ["SOMETHING_NEW"])], ["listing_at_risk"]),
    ],
)
def test_trouble_is_told_when_it_becomes_worse(
    partner: Source, steps: list[tuple[list[str], list[str]]], told: list[str]
) -> None:
    for number, (severities, measures) in enumerate(steps):
        send(partner, issues(str(number), severities, measures))

    assert types() == told


def test_the_same_trouble_published_again_later_is_not_told_again(partner: Source) -> None:
    send(partner, issues("1", ["ERROR"], []), issues("2", ["NONE"], []))

    again = send(partner, issues("3", ["ERROR"], [], EventTime="2026-11-20T09:31:00Z"))

    assert statuses(again) == ["repeated"]
    assert types() == ["listing_at_risk"]


def test_without_sales_figures_line_speaks_all_the_same(partner: Source) -> None:
    send(partner, sample("listing_issues"))

    reasons = Notification.objects.get().decisions.values_list("channel", "reason")
    assert list(reasons) == [("line", "line_not_linked")]


def test_stock_is_remembered_and_not_told(partner: Source) -> None:
    receipts = send(partner, sample("shop_quantity"), sample("fba_inventory"))

    assert statuses(receipts) == ["ignored", "ignored"]
    rows = KnownListing.objects.order_by("sku").values_list("sku", "title", "quantity", "fba_quantity")
    assert list(rows) == [("HC-MUG-05", "有田焼 マグカップ 麻の葉", None, 0), (SKU, "", 0, None)]
    assert KnownListing.objects.filter(out_of_stock_since=None).count() == 0
    assert Notification.objects.count() == 0


def test_since_when_it_is_missing_is_not_forgotten(partner: Source) -> None:
    send(partner, sample("shop_quantity", id="1"))
    since = listing().out_of_stock_since

    send(partner, sample("shop_quantity", id="2"))

    assert listing().out_of_stock_since == since


def test_what_came_in_again_is_not_missing(partner: Source) -> None:
    send(partner, sample("shop_quantity", id="1"), sample("shop_quantity", id="2", Quantity=4))

    assert (listing().quantity, listing().out_of_stock_since) == (4, None)


def test_less_than_nothing_is_nothing(partner: Source) -> None:
    send(partner, sample("shop_quantity", Quantity=-3))

    assert listing().quantity == 0


def test_stock_of_the_shop_counts_where_that_of_the_marketplace_is_gone(partner: Source) -> None:
    send(partner, sample("fba_inventory", SKU=SKU), sample("shop_quantity", Quantity=2))

    assert (listing().quantity, listing().fba_quantity, listing().out_of_stock_since) == (2, 0, None)


def test_stock_without_a_marketplace_moves_to_the_first_that_is_named(partner: Source) -> None:
    send(partner, sample("shop_quantity", Quantity=2), sample("listing_status"))

    row = listing()
    assert (row.marketplace_id, row.quantity, row.is_open) == (MARKETPLACE, 2, True)


def test_stock_of_another_network_is_not_the_shops(partner: Source) -> None:
    receipts = send(partner, sample("shop_quantity", FulfillmentChannelCode="AMAZON_JP"))

    assert statuses(receipts) == ["ignored"]
    assert KnownListing.objects.count() == 0


def test_stock_by_asin_finds_the_listing(partner: Source) -> None:
    send(partner, sample("fba_inventory"), sample("item_inventory"))

    row = KnownListing.objects.get(sku="HC-MUG-05")
    assert (row.fba_quantity, row.out_of_stock_since) == (7, None)


def test_no_stock_at_the_marketplace_says_nothing_of_what_the_shop_ships(partner: Source) -> None:
    send(partner, sample("listing_status", Asin="B0HANAKO05"))

    send(partner, sample("item_inventory", highlyAvailableInventory=0))

    assert (listing().fba_quantity, listing().out_of_stock_since) == (None, None)


def test_the_listings_of_other_shops_are_not_touched(partner: Source, other_shop: SellerAccount) -> None:
    theirs = KnownListing.objects.create(account=other_shop, marketplace_id=MARKETPLACE, sku=SKU, quantity=5)

    send(partner, sample("shop_quantity"), sample("listing_status"), sample("listing_issues"))

    theirs.refresh_from_db()
    assert (theirs.quantity, theirs.is_open, theirs.trouble) == (5, None, "")


def test_what_came_before_does_not_undo_what_came_later(partner: Source) -> None:
    send(partner, status("1", OPEN), issues("1", ["NONE"], []), sample("shop_quantity", Quantity=3))
    row = listing()
    later = row.changed_at + timedelta(hours=1)
    KnownListing.objects.update(open_as_of=later, trouble_as_of=later, stock_as_of=later)

    receipts = send(partner, status("2", []), issues("2", ["ERROR"], []), sample("shop_quantity", id="9"))

    assert statuses(receipts) == ["ignored"] * 3
    assert (listing().is_open, listing().trouble, listing().quantity) == (True, "", 3)


@pytest.mark.django_db(transaction=True)
def test_news_of_several_shops_crosswise_at_the_same_moment_are_all_remembered(partner: Source) -> None:
    gate = threading.Barrier(2)
    sellers = ["A1HANAKOSHOP01", "A1MIKABOOKS01"]

    def run(thread: int) -> list[str]:
        messages = [
            sample("shop_quantity", id=f"{thread}-{one}-{seller}", SellerId=seller, Sku=f"{one}", Quantity=thread)
            for one in range(10)
            for seller in (sellers if thread else sellers[::-1])
        ]
        try:
            gate.wait(timeout=LIMIT_SECONDS)
            return statuses(send(partner, *messages))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(run, range(2)))

    assert answers == [["ignored"] * 20] * 2
    assert KnownListing.objects.count() == 20
