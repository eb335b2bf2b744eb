"""LINE's news come late, twice and in any order: the link ends in the same state all the same."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.models import LineUser
from notifications.recipients.line_account import friendship
from notifications.types.enums import LinkState

START = datetime(2026, 11, 25, tzinfo=UTC)
News = tuple[str, int]


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


def after(news: list[News], *, linked: int) -> LinkState:
    """What the rule says when the news arrive in this order."""
    person = LineUser(user_id="U1")
    for kind, minute in news:
        friendship.hear(person, "followed_at" if kind == "follow" else "unfollowed_at", at(minute))
    return friendship.state_of(person, linked_at=at(linked))


def story(news: list[News], *, linked: int) -> LinkState:
    """The same told as it happened: one thing after the other."""
    state, friend = None, False
    happened = sorted([*news, ("link", linked)], key=lambda one: one[1])
    for kind, _minute in happened:
        if kind == "link":
            state = LinkState.LIVE if friend else LinkState.WAITING
        elif kind == "follow":
            friend = True
            state = {LinkState.WAITING: LinkState.LIVE, LinkState.BLOCKED: LinkState.UNBLOCKED}.get(state, state)
        else:
            friend = False
            state = LinkState.BLOCKED if state is not None else None
    return state


minutes = st.lists(st.integers(0, 40), min_size=1, max_size=8, unique=True)


@given(minutes, st.data())
def test_the_order_of_arrival_makes_no_difference(times, data):
    linked, *rest = times
    news = [(data.draw(st.sampled_from(["follow", "unfollow"])), minute) for minute in rest]
    arrived = data.draw(st.permutations(news))
    twice = [*arrived, *data.draw(st.lists(st.sampled_from(news), max_size=3) if news else st.just([]))]

    assert after(twice, linked=linked) == story(news, linked=linked)


@pytest.mark.parametrize(
    ("news", "state"),
    [
        ([], LinkState.WAITING),
        ([("follow", 1)], LinkState.LIVE),
        ([("follow", 1), ("unfollow", 11)], LinkState.BLOCKED),
        ([("follow", 1), ("unfollow", 11), ("follow", 12)], LinkState.UNBLOCKED),
        ([("follow", 12), ("unfollow", 11)], LinkState.UNBLOCKED),
        ([("unfollow", 5), ("follow", 12)], LinkState.LIVE),
        ([("unfollow", 5)], LinkState.WAITING),
    ],
)
def test_what_happened_around_minute_ten_when_it_was_linked(news, state):
    assert after(news, linked=10) == state


def test_nobody_is_a_friend_before_they_were_heard_of():
    assert LineUser(user_id="U1").is_friend is False
