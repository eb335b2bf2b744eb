"""When a delivery is tried again, and when no more."""

from datetime import timedelta
from uuid import UUID

import pytest

from notifications.channels.base import Outcome, SendResult
from notifications.delivery.claims import Claimed
from notifications.delivery.retry_policy import pause, settlement
from notifications.types.enums import Channel, DeliveryStatus

ID = UUID(int=1)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PROMISED = [MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR]


def claimed(*, tries: int, age: timedelta = MINUTE) -> Claimed:
    return Claimed(ID, ID, Channel.EMAIL, ID, None, "hanako@ok.test", "ja", tries, age)


@pytest.mark.parametrize(("tries", "wait"), list(enumerate(PROMISED)))
def test_a_temporary_failure_waits_as_promised_within_a_tenth(tries, wait):
    found = [settlement(claimed(tries=tries), Outcome(ID, SendResult.DEFERRED)) for _ in range(50)]

    assert {(one.status, one.tries) for one in found} == {(DeliveryStatus.QUEUED, tries + 1)}
    assert all(0.9 * wait <= one.wait <= 1.1 * wait for one in found)
    assert len({one.wait for one in found}) > 1


def test_after_the_last_wait_it_has_failed():
    found = settlement(claimed(tries=len(PROMISED)), Outcome(ID, SendResult.DEFERRED))

    assert (found.status, found.tries) == (DeliveryStatus.FAILED, len(PROMISED) + 1)


def test_a_permanent_failure_fails_at_once():
    found = settlement(claimed(tries=0), Outcome(ID, SendResult.REFUSED))

    assert (found.status, found.tries) == (DeliveryStatus.FAILED, 1)


def test_trouble_of_our_own_counts_as_no_try():
    found = settlement(claimed(tries=3), Outcome(ID, SendResult.UNREACHABLE))

    assert (found.status, found.tries, found.is_failed_try) == (DeliveryStatus.QUEUED, 3, False)


@pytest.mark.parametrize(("age", "wait"), [(timedelta(), MINUTE), (8 * MINUTE, 2 * MINUTE), (24 * HOUR, 5 * MINUTE)])
def test_the_pause_grows_with_the_age_up_to_a_bound(age, wait):
    assert 0.9 * wait <= pause(age) <= 1.1 * wait
