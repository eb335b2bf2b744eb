"""In any order, any repetition and any batches: each fact is told at most once, and the last word counts."""

from collections import Counter
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.models import KnownListing, Notification, Source
from tests.waiting import ONE_FIXTURE_FOR_ALL_EXAMPLES

from .partner import sample, send

OPEN, CLOSED = ["BUYABLE", "DISCOVERABLE"], []


def at(minute: int) -> dict[str, str]:
    return {"EventTime": f"2026-11-20T09:{minute:02}:00Z"}


MESSAGES: list[tuple[str, dict[str, Any]]] = [
    ("order: pending", sample("order_change", id="1", OrderStatus="Pending")),
    ("order: confirmed", sample("order_change", id="2", **at(5))),
    ("order: confirmed", sample("order_change", id="3", NumberOfItemsUnshipped=9, **at(7))),
    ("order: cancel", sample("order_change", id="4", IsBuyerRequestedCancel=True)),
    ("order: shipped", sample("order_change", id="5", OrderStatus="Shipped")),
    ("fba", sample("fba_outbound_shipment", id="6")),
    ("fba", sample("order_change", id="7", FulfillmentType="AFN", AmazonOrderId="249-3300718-5501442")),
    ("open", sample("listing_status", id="8", Status=OPEN, **at(20))),
    ("open", sample("listing_status", id="9", Status=OPEN, **at(24))),
    ("closed at 22", sample("listing_status", id="10", Status=CLOSED, **at(22))),
    ("closed at 22", sample("listing_status", id="11", Status=CLOSED, **at(22))),
    ("closed at 28", sample("listing_status", id="12", Status=["DELETED"], **at(28))),
    ("at risk at 30", sample("listing_issues", id="13", EnforcementActions=[], **at(30))),
    ("suspended at 32", sample("listing_issues", id="14", **at(32))),
    ("well", sample("listing_issues", id="15", Severities=["NONE"], EnforcementActions=[], **at(34))),
    ("at risk", sample("account_status", id="16")),
    ("at risk", sample("account_status", id="17")),
    ("feed", sample("feed_finished", id="18")),
    ("feed", sample("feed_finished", id="19")),
    ("none left", sample("shop_quantity", id="20")),
    ("some left", sample("shop_quantity", id="21", Quantity=3)),
]
MAX_COUNT = {"order_confirmed": 2, "listing_closed": 2}
"""An order may be confirmed and asked to be cancelled; the listing was closed twice."""
IS_OPEN = {"open": True, "closed at 22": False, "closed at 28": False}
TROUBLE = {"at risk at 30": "at_risk", "suspended at 32": "suspended", "well": ""}
QUANTITY = {"none left": 0, "some left": 3}


@st.composite
def arrivals(draw: st.DrawFn) -> list[list[int]]:
    """Numbers of messages, some twice and some never, in batches."""
    order = draw(st.lists(st.integers(0, len(MESSAGES) - 1), min_size=1, max_size=40))
    batches: list[list[int]] = [[]]
    for number in order:
        if draw(st.booleans()):
            batches.append([])
        batches[-1].append(number)
    return batches


def last_of(words: dict[str, Any], arrived: list[int]) -> Any:
    """What the message that came last for the first time says; None without any."""
    said = [words[MESSAGES[number][0]] for number in dict.fromkeys(arrived) if MESSAGES[number][0] in words]
    return said[-1] if said else None


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=ONE_FIXTURE_FOR_ALL_EXAMPLES)
@given(batches=arrivals())
def test_each_fact_is_told_at_most_once_and_the_last_word_counts(partner: Source, batches: list[list[int]]) -> None:
    arrived = [number for batch in batches for number in batch]
    with transaction.atomic():
        for batch in batches:
            send(partner, *(MESSAGES[number][1] for number in batch))

        facts = Counter(Notification.objects.values_list("event_id", flat=True))
        told = Counter(Notification.objects.filter(withheld="").values_list("type", flat=True))
        listing = KnownListing.objects.filter(sku="HC-YUNOMI-02").first()
        transaction.set_rollback(True)

    assert set(facts.values()) <= {1}
    assert {type_key: told[type_key] for type_key in told if told[type_key] > MAX_COUNT.get(type_key, 1)} == {}
    assert bool(told["technical_notice"]) == ("feed" in {MESSAGES[number][0] for number in arrived})
    if listing is not None:
        assert listing.is_open == last_of(IS_OPEN, arrived)
        assert listing.trouble == (last_of(TROUBLE, arrived) or "")
        assert listing.quantity == last_of(QUANTITY, arrived)
        assert (listing.out_of_stock_since is not None) == (listing.quantity == 0)
