"""An order only moves forward, whatever the order of arrival."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.ingest.formats.cart.order import Order
from notifications.ingest.formats.cart.order_state import REMIND_AFTER, OrderState, laid_over
from notifications.ingest.formats.cart.statuses import State, forward

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
SHIPPED = OrderState(State.SHIPPED, carrier="ゆうパック", shipped_at=NOW)

states = st.sampled_from(State)
orders = st.builds(
    Order,
    order_id=st.just("503-1"),
    state=states,
    by_marketplace=st.booleans(),
    carrier=st.sampled_from(["", "ゆうパック", "佐川急便", "スマートレター"]),
    tracking_number=st.sampled_from(["", "4012", "4013"]),
    shipped_at=st.sampled_from([None, NOW - timedelta(days=1), NOW + timedelta(days=1)]),
)


def after(feeds: list[Order]) -> list[OrderState]:
    """What is known after each of the feeds."""
    known: list[OrderState] = []
    for told in feeds:
        known.append(laid_over(known[-1] if known else None, told, now=NOW))
    return known


@given(states, states, states)
def test_the_order_of_arrival_does_not_matter(one: State, two: State, three: State) -> None:
    assert forward(None, one) is one
    assert forward(one, one) is one
    assert forward(one, two) is forward(two, one)
    assert forward(forward(one, two), three) is forward(one, forward(two, three))


def test_what_has_left_the_shop_cannot_be_cancelled() -> None:
    assert forward(State.SHIPPED, State.CANCELLED) is State.SHIPPED
    assert forward(State.CONFIRMED, State.CANCELLED) is State.CANCELLED
    assert forward(State.CANCELLED, State.CONFIRMED) is State.CANCELLED


@given(st.lists(orders, min_size=1, max_size=6))
def test_what_is_known_is_never_forgotten(feeds: list[Order]) -> None:
    known = after(feeds)

    for earlier, later in pairwise(known):
        assert later.state.step >= earlier.state.step
        assert later.by_marketplace >= earlier.by_marketplace
        assert bool(later.tracking_number) >= bool(earlier.tracking_number)
        assert bool(later.carrier) >= bool(earlier.carrier)
        assert earlier.shipped_at in (None, later.shipped_at)
    assert known[-1].state is max((one.state for one in feeds), key=lambda state: state.step)


@given(st.lists(orders, min_size=1, max_size=6))
def test_a_feed_repeated_changes_nothing(feeds: list[Order]) -> None:
    known = after(feeds)[-1]

    assert laid_over(known, feeds[-1], now=NOW) == known


@given(st.lists(orders, min_size=1, max_size=6))
def test_only_what_the_shop_shipped_without_a_needed_number_is_due(feeds: list[Order]) -> None:
    known = after(feeds)[-1]

    if known.remind_at() is not None:
        assert known.state is State.SHIPPED
        assert not any(one.by_marketplace for one in feeds)
        assert not any(one.tracking_number for one in feeds)
        assert known.carrier in ("ゆうパック", "佐川急便")


def test_a_missing_number_is_due_after_twelve_hours() -> None:
    assert timedelta(hours=12) == REMIND_AFTER
    assert SHIPPED.remind_at() == NOW + timedelta(hours=12)


@pytest.mark.parametrize(
    "changes",
    [
        {"tracking_number": "4012"},
        {"reminded_at": NOW},
        {"by_marketplace": True},
        {"carrier": "普通郵便"},
        {"carrier": "赤帽"},
        {"carrier": ""},
        {"state": State.RETURNED},
    ],
)
def test_what_cancels_a_reminder(changes: dict[str, object]) -> None:
    assert replace(SHIPPED, **changes).remind_at() is None  # type: ignore[arg-type]


def test_an_older_feed_fills_gaps_and_replaces_nothing() -> None:
    told = Order("503-1", State.CONFIRMED, carrier="佐川急便", tracking_number="4012")

    known = laid_over(SHIPPED, told, now=NOW)

    assert known == replace(SHIPPED, tracking_number="4012")


def test_a_newer_feed_replaces_what_it_says() -> None:
    told = Order("503-1", State.SHIPPED, carrier="佐川急便")

    assert laid_over(SHIPPED, told, now=NOW + timedelta(days=1)) == replace(SHIPPED, carrier="佐川急便")
