"""Every road is taken or has its reason; nothing else is ever written to."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.recipients.preferences import DEFAULTS, EffectivePreference, laid_over
from notifications.recipients.routing import (
    KnownAddress,
    Route,
    Routes,
    SkippedRoute,
    decide,
    suppression_reason,
    withhold,
)
from notifications.types.definitions import TYPES
from notifications.types.enums import AddressState, Channel, Reason

WHEN = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def address(name: str, state: AddressState = AddressState.ACTIVE, language: str = "") -> KnownAddress:
    return KnownAddress(uuid5(UUID(int=0), name), f"{name}@ok.test", state, language)


def chosen(
    type_key: str, *addresses: KnownAddress, email: bool | None = None, line: bool | None = None
) -> EffectivePreference:
    return laid_over(
        type_key,
        email=email,
        line=line,
        addresses=[one.id for one in addresses],
        version=1,
        changed_by="山田 花子",
        changed_at=WHEN,
    )


def sent_to(one: KnownAddress, language: str = "ja") -> Route:
    return Route(Channel.EMAIL, one.email, language, one.id)


def held_for(one: KnownAddress) -> Route:
    return Route(Channel.EMAIL, one.email, "ja", one.id, held=one.failure or one.state.value)


def test_a_default_goes_to_the_default_address() -> None:
    hanako = address("hanako")

    routes = decide(DEFAULTS["order_confirmed"], language="ja", chosen=[], default=hanako)

    assert routes == Routes((sent_to(hanako),), ())


def test_chosen_addresses_take_the_place_of_the_default() -> None:
    orders, stock = address("orders"), address("stock", language="en")
    choice = chosen("order_confirmed", orders, stock)

    routes = decide(choice, language="ja", chosen=[orders, stock], default=address("hanako"))

    assert routes == Routes((sent_to(orders), sent_to(stock, "en")), ())


def test_each_address_that_cannot_be_used_says_why() -> None:
    good = address("good")
    bad = [address(state.value, state) for state in AddressState if state != AddressState.ACTIVE]
    choice = chosen("order_confirmed", good, *bad)

    routes = decide(choice, language="ja", chosen=[good, *bad], default=address("hanako"))

    assert routes == Routes(
        (sent_to(good), held_for(bad[1]), held_for(bad[2])),
        (SkippedRoute(Channel.EMAIL, Reason.ADDRESS_UNCONFIRMED, bad[0].id, bad[0].email),),
    )


def test_what_is_held_says_why() -> None:
    full = replace(address("full", AddressState.FAILING), failure="mailbox_full")

    routes = decide(chosen("order_confirmed", full), language="ja", chosen=[full], default=address("hanako"))

    assert [road.held for road in routes.destinations] == ["mailbox_full"]


def test_whoever_reported_spam_still_gets_what_is_required() -> None:
    spam = address("spam", AddressState.REFUSED)

    required = decide(chosen("account_at_risk", spam), language="ja", chosen=[spam], default=address("hanako"))
    optional = decide(chosen("order_confirmed", spam), language="ja", chosen=[spam], default=address("hanako"))

    assert required.destinations == (sent_to(spam),)
    assert optional.destinations == (held_for(spam),)


@pytest.mark.parametrize("state", [AddressState.ACTIVE, AddressState.FAILING, AddressState.REFUSED])
def test_whoever_unsubscribed_from_a_notification_gets_it_no_more(state) -> None:
    gone = replace(address("gone", state), unsubscribed_from={"order_confirmed"})

    routes = decide(chosen("order_confirmed", gone), language="ja", chosen=[gone], default=address("hanako"))

    assert routes == Routes((), (SkippedRoute(Channel.EMAIL, Reason.UNSUBSCRIBED, gone.id, gone.email),))


def test_nobody_can_unsubscribe_from_what_is_required() -> None:
    gone = replace(address("gone"), unsubscribed_from={"account_at_risk"})

    routes = decide(chosen("account_at_risk", gone), language="ja", chosen=[gone], default=None)

    assert routes.destinations == (sent_to(gone),)


def test_a_required_type_goes_to_the_default_and_is_held_for_the_one_that_fails() -> None:
    hanako, full = address("hanako"), address("full", AddressState.FAILING)

    routes = decide(chosen("account_at_risk", full), language="ja", chosen=[full], default=hanako)

    assert routes.destinations == (sent_to(hanako), held_for(full))


def test_an_optional_type_never_leaves_its_chosen_addresses() -> None:
    waiting = address("waiting", AddressState.UNCONFIRMED)

    routes = decide(chosen("order_confirmed", waiting), language="ja", chosen=[waiting], default=address("hanako"))

    assert routes == Routes((), (SkippedRoute(Channel.EMAIL, Reason.ADDRESS_UNCONFIRMED, waiting.id, waiting.email),))


def test_a_required_type_without_a_usable_address_goes_to_the_default_and_says_so() -> None:
    hanako, waiting = address("hanako"), address("waiting", AddressState.UNCONFIRMED)

    routes = decide(chosen("account_at_risk", waiting), language="ja", chosen=[waiting], default=hanako)

    assert routes == Routes(
        (sent_to(hanako),),
        (
            SkippedRoute(
                Channel.EMAIL, Reason.ADDRESS_UNCONFIRMED, waiting.id, waiting.email, {"instead": "hanako@ok.test"}
            ),
            SkippedRoute(Channel.LINE, Reason.LINE_NOT_LINKED),
        ),
    )


def test_a_required_type_goes_nowhere_else_while_one_chosen_address_works() -> None:
    orders, waiting = address("orders"), address("waiting", AddressState.UNCONFIRMED)

    routes = decide(
        chosen("account_at_risk", orders, waiting),
        language="ja",
        chosen=[orders, waiting],
        default=address("hanako"),
    )

    assert routes.destinations == (sent_to(orders),)


def test_a_required_type_names_the_default_too_when_that_fails_as_well() -> None:
    hanako = address("hanako", AddressState.FAILING)
    waiting = address("waiting", AddressState.UNCONFIRMED)

    routes = decide(chosen("account_at_risk", waiting), language="ja", chosen=[waiting], default=hanako)

    assert routes == Routes(
        (held_for(hanako),),
        (
            SkippedRoute(Channel.EMAIL, Reason.ADDRESS_UNCONFIRMED, waiting.id, waiting.email),
            SkippedRoute(Channel.LINE, Reason.LINE_NOT_LINKED),
        ),
    )


def test_a_default_that_was_chosen_and_fails_is_named_once() -> None:
    hanako = address("hanako", AddressState.FAILING)

    routes = decide(chosen("account_at_risk", hanako), language="ja", chosen=[hanako], default=hanako)

    assert routes == Routes((held_for(hanako),), (SkippedRoute(Channel.LINE, Reason.LINE_NOT_LINKED),))


def test_an_address_that_is_named_twice_gets_one_mail() -> None:
    orders = address("orders")

    routes = decide(chosen("order_confirmed", orders), language="ja", chosen=[orders, orders], default=None)

    assert routes == Routes((sent_to(orders),), ())


def test_what_was_switched_off_before_it_became_required_is_sent() -> None:
    hanako = address("hanako")
    choice = chosen("account_at_risk", email=False)

    routes = decide(choice, language="ja", chosen=[], default=hanako)

    assert choice.email is True
    assert routes.destinations == (sent_to(hanako),)


def test_no_address_at_all_is_a_reason() -> None:
    routes = decide(DEFAULTS["order_confirmed"], language="ja", chosen=[], default=None)

    assert routes == Routes((), (SkippedRoute(Channel.EMAIL, Reason.NO_ADDRESS),))


def test_switched_off_says_by_whom_and_when() -> None:
    routes = decide(chosen("order_confirmed", email=False), language="ja", chosen=[], default=address("hanako"))

    detail = {"by": "山田 花子", "at": "2026-11-21T09:30:00+00:00"}
    assert routes == Routes((), (SkippedRoute(Channel.EMAIL, Reason.SWITCHED_OFF, detail=detail),))


def test_off_by_the_catalogue_was_done_by_nobody() -> None:
    routes = decide(DEFAULTS["listing_created"], language="ja", chosen=[], default=address("hanako"))

    assert routes == Routes((), (SkippedRoute(Channel.EMAIL, Reason.SWITCHED_OFF),))


@pytest.mark.parametrize(
    ("line", "verdict", "reason"),
    [
        (None, None, Reason.LINE_NOT_LINKED),
        (None, Reason.BELOW_THRESHOLD, Reason.BELOW_THRESHOLD),
        (False, Reason.BELOW_THRESHOLD, Reason.SWITCHED_OFF),
    ],
)
def test_line_has_its_own_reason(line: bool | None, verdict: Reason | None, reason: Reason) -> None:
    choice = chosen("listing_suspended", line=line)

    routes = decide(choice, language="ja", chosen=[], default=address("hanako"), line_verdict=verdict)

    assert [(one.channel, one.reason) for one in routes.refusals] == [(Channel.LINE, reason)]


def test_the_plan_counts_before_the_payload() -> None:
    coach = TYPES["coach_recommendations"]

    assert suppression_reason(coach, plan="individual", verdict=Reason.NOTHING_TO_TELL) == Reason.NOT_IN_PLAN
    assert suppression_reason(coach, plan="professional", verdict=Reason.NOTHING_TO_TELL) == Reason.NOTHING_TO_TELL
    assert suppression_reason(coach, plan="professional", verdict=None) is None


def test_what_is_withheld_says_so_for_every_road_the_type_has() -> None:
    assert withhold(TYPES["order_confirmed"], Reason.ORDER_NOT_CONFIRMED) == Routes(
        (), (SkippedRoute(Channel.EMAIL, Reason.ORDER_NOT_CONFIRMED),)
    )
    assert withhold(TYPES["late_shipment_rate"], Reason.WITHIN_REQUIREMENT) == Routes(
        (),
        (
            SkippedRoute(Channel.EMAIL, Reason.WITHIN_REQUIREMENT),
            SkippedRoute(Channel.LINE, Reason.WITHIN_REQUIREMENT),
        ),
    )


known_addresses = st.builds(
    address,
    st.sampled_from(["a", "b", "c", "d", "e"]),
    st.sampled_from(AddressState),
    st.sampled_from(["", "ja", "en"]),
)


@st.composite
def situations(
    draw: st.DrawFn,
) -> tuple[EffectivePreference, list[KnownAddress], KnownAddress | None, Reason | None]:
    named = draw(st.lists(known_addresses, max_size=6, unique_by=lambda one: one.id))
    default = draw(st.none() | known_addresses)
    if default is not None:
        default = next((one for one in named if one.id == default.id), default)
    choice = draw(
        st.builds(
            lambda key, email, line: chosen(key, *named, email=email, line=line),
            st.sampled_from(list(TYPES)),
            st.none() | st.booleans(),
            st.none() | st.booleans(),
        )
    )
    return choice, named, default, draw(st.sampled_from([None, Reason.BELOW_THRESHOLD]))


@given(situations())
def test_routes_hold_in_every_situation(
    situation: tuple[EffectivePreference, list[KnownAddress], KnownAddress | None, Reason | None],
) -> None:
    choice, named, default, verdict = situation
    required = choice.type.required

    routes = decide(choice, language="ja", chosen=named, default=default, line_verdict=verdict)

    taken = [one.recipient for one in routes.destinations if not one.held]
    held = [one.recipient for one in routes.destinations if one.held]
    refused = [one.recipient for one in routes.refusals if one.channel == Channel.EMAIL]
    receiving = {AddressState.ACTIVE, AddressState.REFUSED} if required else {AddressState.ACTIVE}
    usable = {one.email for one in named if one.state in receiving}
    stands_in = default is not None and (not named or (required and not usable))
    allowed = usable | ({default.email} if stands_in and default.state in receiving else set())
    assert set(taken) == (allowed if choice.email or required else set())
    assert len([*taken, *held, *refused]) == len({*taken, *held, *refused})
    states = {one.email: one.state for one in [*named, *([default] if default else [])]}
    assert {states[email] for email in held} <= {AddressState.FAILING, AddressState.REFUSED}
    if choice.email or required:
        assert {one.email for one in named} <= {*taken, *held, *refused}
    assert any(one.channel == Channel.EMAIL for one in (*routes.destinations, *routes.refusals))
    assert [one.channel for one in routes.refusals].count(Channel.LINE) == int(choice.type.line)
    assert routes == decide(choice, language="ja", chosen=named, default=default, line_verdict=verdict)
