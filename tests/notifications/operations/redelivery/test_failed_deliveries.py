"""Dead letters: grouped by reason, counted before they are sent again, and sent again in bounded numbers."""

import pytest

from accounts.models import SellerAccount, User
from notifications.models import Delivery, Source, SourceMessage
from notifications.operations.redelivery import failed_deliveries
from notifications.operations.redelivery.failed_deliveries import Extent, Group
from notifications.types.enums import AddressState, Channel, DeliveryStatus, MessageState, ParkReason

from .conftest import Make


def keys(groups: list[Group]) -> list[tuple[str, str, str, str, int]]:
    return [(one.status, one.channel, one.cause, one.words, one.count) for one in groups]


def test_they_are_grouped_by_ending_channel_and_reason(make: Make) -> None:
    failed = [make(DeliveryStatus.FAILED) for _ in range(3)]
    make(DeliveryStatus.BOUNCED)
    for _ in range(2):
        make(DeliveryStatus.FAILED, channel=Channel.LINE, cause="", answer="The request body has 1 error(s)")
    for status in (DeliveryStatus.HELD, DeliveryStatus.CANCELLED, DeliveryStatus.SENT, DeliveryStatus.QUEUED):
        make(status)

    groups = failed_deliveries.groups()

    assert keys(groups) == [
        ("failed", "email", "unknown_user", "", 3),
        ("failed", "line", "", "The request body has 1 error(s)", 2),
        ("bounced", "email", "unknown_user", "", 1),
    ]
    assert (groups[0].oldest, groups[0].newest) == (failed[0].created_at, failed[2].created_at)
    assert set(groups[0].deliveries()) == set(failed)


def test_a_retry_first_says_how_far_it_would_go(make: Make, other_shop: SellerAccount) -> None:
    make(DeliveryStatus.FAILED)
    make(DeliveryStatus.FAILED, account=other_shop)
    make(DeliveryStatus.FAILED, account=other_shop)
    make(DeliveryStatus.FAILED, state=AddressState.FAILING)
    [group] = failed_deliveries.groups()

    assert failed_deliveries.extent(group) == Extent(deliveries=3, shops=2, left=1)
    assert set(Delivery.objects.values_list("status", flat=True)) == {DeliveryStatus.FAILED}


def test_a_retry_moves_the_oldest_and_never_more_than_its_bound(
    make: Make, omar: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck = make(DeliveryStatus.FAILED, state=AddressState.FAILING)
    rows = [make(DeliveryStatus.FAILED) for _ in range(3)]
    other = make(DeliveryStatus.FAILED, cause="mailbox_full")
    monkeypatch.setattr(failed_deliveries, "MAX_AT_ONCE", 2)
    group = Group(DeliveryStatus.FAILED, Channel.EMAIL, "unknown_user", "")

    first = failed_deliveries.retry(group, by=omar)
    after_one = set(Delivery.objects.filter(status=DeliveryStatus.QUEUED))
    second = failed_deliveries.retry(group, by=omar)

    assert (first.count, second.count) == (2, 1)
    assert after_one == set(rows[:2])
    assert set(Delivery.objects.filter(status=DeliveryStatus.FAILED)) == {stuck, other}


def test_parked_messages_are_grouped_by_reason(db: None) -> None:
    source = Source.objects.create(name="Selling Partner API")
    reasons = (ParkReason.UNREADABLE, ParkReason.UNKNOWN_SELLER, ParkReason.UNKNOWN_SELLER)
    for number, reason in enumerate(reasons):
        SourceMessage.objects.create(
            source=source, message_id=str(number), way="http", state=MessageState.PARKED, reason=reason
        )
    SourceMessage.objects.create(source=source, message_id="read", way="http", state=MessageState.READ)

    assert [(one.reason, one.count) for one in failed_deliveries.parked()] == [
        (ParkReason.UNKNOWN_SELLER, 2),
        (ParkReason.UNREADABLE, 1),
    ]
