"""The table "when an address stops" as pure rules, and that the order of news cannot matter."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.address_health.assessment import COMPLAINT, PROVEN_AFTER, DeliveryEvent, assess
from notifications.types.enums import AddressState, BounceKind, BounceReason

START = datetime(2026, 11, 1, tzinfo=UTC)
NOW = START + timedelta(days=60)
NAMES = UUID(int=0)


def at(days: float) -> datetime:
    return START + timedelta(days=days)


def bounce(days: float, reason: str, *, permanent: bool = True) -> DeliveryEvent:
    return DeliveryEvent(at(days), BounceKind.BOUNCE, reason, permanent, f"said on {days}", uuid5(NAMES, str(days)))


def judged(*news: DeliveryEvent, trusted: float = 0, successes: tuple[float, ...] = (), now: datetime = NOW):
    return assess(news, trusted_since=at(trusted), successes=[at(one) for one in successes], now=now)


@pytest.mark.parametrize("reason", [BounceReason.UNKNOWN_USER, BounceReason.HOST_UNKNOWN, BounceReason.SUSPENDED])
def test_what_is_gone_stops_the_address_at_once_and_nothing_is_tried(reason):
    made = judged(bounce(1, reason))

    assert (made.state, made.cause, made.since, made.next_try_at) == (AddressState.FAILING, reason, at(1), None)
    assert made.missed == {uuid5(NAMES, "1")}
    assert made.answer == "said on 1"


@pytest.mark.parametrize("reason", [BounceReason.MAILBOX_FULL, BounceReason.EXPIRED])
def test_what_may_pass_is_tried_again_after_a_day(reason):
    made = judged(bounce(1, reason))

    assert (made.state, made.cause, made.next_try_at) == (AddressState.FAILING, reason, at(2))


@pytest.mark.parametrize(("probes", "next_try"), [((2,), 4), ((2, 4), 8), ((2, 4, 8), 15), ((2, 4, 8, 15), None)])
def test_a_probe_that_fails_makes_the_next_one_wait_longer(probes, next_try):
    made = judged(bounce(1, "mailbox_full"), *(bounce(day, "mailbox_full") for day in probes))

    assert made.next_try_at == (None if next_try is None else at(next_try))
    assert made.since == at(1)


def test_what_was_under_way_when_it_stopped_is_no_probe():
    made = judged(bounce(1, "mailbox_full"), bounce(1.01, "mailbox_full"), bounce(1.02, "mailbox_full"))

    assert made.next_try_at == at(2)
    assert len(made.missed) == 3


def test_a_probe_that_is_taken_ends_it_once_that_is_proven():
    full = bounce(1, "mailbox_full")
    probe = at(2)

    early = judged(full, successes=(2,), now=probe + PROVEN_AFTER - timedelta(seconds=1))
    later = judged(full, successes=(2,), now=probe + PROVEN_AFTER)

    assert early.state == AddressState.FAILING
    assert later.state == AddressState.ACTIVE


def test_what_left_before_the_probe_proves_nothing():
    made = judged(bounce(1, "mailbox_full"), successes=(1.5,))

    assert made.state == AddressState.FAILING


def test_after_a_recovery_a_full_mailbox_begins_anew():
    made = judged(bounce(1, "mailbox_full"), bounce(10, "mailbox_full"), successes=(2, 9))

    assert (made.state, made.since, made.next_try_at) == (AddressState.FAILING, at(10), at(11))
    assert made.missed == {uuid5(NAMES, "10")}


@pytest.mark.parametrize("reason", [BounceReason.BLOCKED_BY_PROVIDER, BounceReason.OTHER])
@pytest.mark.parametrize(
    ("days", "successes", "state"),
    [
        ((1, 2), (), AddressState.ACTIVE),
        ((1, 2, 3), (), AddressState.FAILING),
        ((1, 2, 8), (), AddressState.FAILING),
        ((1, 2, 8.1), (), AddressState.ACTIVE),
        ((1, 2, 3), (2.5,), AddressState.ACTIVE),
        ((1, 2, 3), (0.5, 3.5), AddressState.FAILING),
        ((1, 2, 3, 4), (1.5,), AddressState.FAILING),
    ],
)
def test_refusals_that_may_be_our_fault_stop_it_after_three_in_seven_days(reason, days, successes, state):
    made = judged(*(bounce(day, reason) for day in days), successes=successes)

    assert made.state == state


@pytest.mark.parametrize(
    "news",
    [
        bounce(1, "mailbox_full", permanent=False),
        bounce(1, "message_too_big"),
        DeliveryEvent(at(1), BounceKind.DELAYED, "mailbox_full", True),
        DeliveryEvent(at(1), BounceKind.AUTO_REPLY),
        DeliveryEvent(at(1), BounceKind.DELIVERED),
    ],
)
def test_the_rest_changes_nothing(news):
    assert judged(news).state == AddressState.ACTIVE


def test_a_complaint_refuses_and_a_failure_weighs_more():
    complaint = DeliveryEvent(at(1), BounceKind.COMPLAINT)

    assert (judged(complaint).state, judged(complaint).cause) == (AddressState.REFUSED, COMPLAINT)
    assert judged(complaint, bounce(2, "unknown_user")).state == AddressState.FAILING


def test_a_provider_that_says_delivered_clears_what_left_before():
    delivered = DeliveryEvent(at(2), BounceKind.DELIVERED)

    assert judged(bounce(1, "unknown_user"), delivered).state == AddressState.ACTIVE
    assert judged(bounce(3, "unknown_user"), delivered).state == AddressState.FAILING


def test_a_late_bounce_of_mail_from_before_the_reset_hurts_nobody():
    assert judged(bounce(4.9, "unknown_user"), trusted=5).state == AddressState.ACTIVE
    assert judged(bounce(5, "unknown_user"), trusted=5).state == AddressState.FAILING


some_news = st.builds(
    DeliveryEvent,
    sent_at=st.integers(0, 40).map(lambda quarter: at(quarter / 4)),
    kind=st.sampled_from(BounceKind),
    reason=st.sampled_from(BounceReason),
    permanent=st.booleans(),
    delivery_id=st.integers(1, 9).map(lambda number: UUID(int=number)),
)
some_moments = st.lists(st.integers(0, 40).map(lambda quarter: at(quarter / 4)), max_size=5)


@given(st.lists(some_news, max_size=8), some_moments, st.integers(0, 40), st.data())
def test_the_order_of_news_and_their_repetition_make_no_difference(news, successes, trusted, data):
    shuffled = data.draw(st.permutations(news))
    twice = [*shuffled, *data.draw(st.lists(st.sampled_from(news), max_size=3) if news else st.just([]))]
    situation = {"trusted_since": at(trusted / 4), "successes": successes, "now": NOW}

    first, second, third = (assess(one, **situation) for one in (news, shuffled, twice))

    assert first == second
    assert (third.state, third.cause, third.missed) == (first.state, first.cause, first.missed)


@given(st.lists(some_news, max_size=8), some_moments)
def test_nothing_from_before_a_reset_counts(news, successes):
    after_all = at(11)

    made = assess(news, trusted_since=after_all, successes=successes, now=NOW)

    assert made.state == AddressState.ACTIVE


@given(st.lists(some_news, max_size=8), some_moments)
def test_a_failing_address_always_says_why_and_since_when(news, successes):
    made = assess(news, trusted_since=at(0), successes=successes, now=NOW)

    if made.state == AddressState.ACTIVE:
        assert (made.cause, made.since, made.next_try_at, made.missed) == ("", None, None, frozenset())
    else:
        assert made.cause
        assert made.since is not None
    if made.state == AddressState.FAILING:
        assert made.missed <= {one.delivery_id for one in news}
        assert any(one.permanent and one.kind == BounceKind.BOUNCE for one in news)
