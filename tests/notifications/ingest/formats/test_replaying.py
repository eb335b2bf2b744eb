"""Parked messages are read again when their cause is mended."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import SellerAccount, User
from notifications.ingest.api_keys import add_source
from notifications.ingest.messages.intake import receive
from notifications.ingest.messages.replay import Replayed, replay_dead_letters
from notifications.models import KnownListing, Notification, SellerAlias, Source, SourceMessage
from notifications.types.enums import AliasKind, MessageState, SourceKind
from tests.waiting import LIMIT_SECONDS

from .spapi.partner import sample, send


@pytest.fixture
def stranger(shop: SellerAccount, hanako: User) -> Source:
    """A source whose sellers nobody knows yet."""
    return add_source("Selling Partner API", kind=SourceKind.SELLING_PARTNER)[0]


def introduce(source: Source, shop: SellerAccount) -> None:
    SellerAlias.objects.create(source=source, kind=AliasKind.SELLER, value="A1HANAKOSHOP01", account=shop)


def ids() -> list[object]:
    return list(SourceMessage.objects.order_by("pk").values_list("pk", flat=True))


def test_a_seller_who_is_known_by_now_is_told(stranger: Source, shop: SellerAccount) -> None:
    send(stranger, sample("order_change"))
    introduce(stranger, shop)

    done = replay_dead_letters(ids())

    row = SourceMessage.objects.get()
    assert done == Replayed(read=1)
    assert (row.state, row.reason, row.detail, row.account, row.accepted, row.tries) == (
        MessageState.READ,
        "",
        "",
        shop,
        1,
        2,
    )
    assert Notification.objects.get().type == "order_confirmed"


def test_what_is_not_mended_stays_parked(stranger: Source) -> None:
    send(stranger, sample("order_change"))

    done = replay_dead_letters(ids())

    assert done == Replayed(parked=1)
    assert (SourceMessage.objects.get().reason, SourceMessage.objects.get().tries) == ("unknown_seller", 2)


def test_a_second_time_nothing_is_left_to_do(stranger: Source, shop: SellerAccount) -> None:
    send(stranger, sample("order_change"), sample("fee_promotion"))
    introduce(stranger, shop)
    replay_dead_letters(ids())
    before = list(SourceMessage.objects.order_by("pk").values())

    assert replay_dead_letters(ids()) == Replayed(left=2)
    assert list(SourceMessage.objects.order_by("pk").values()) == before


def test_messages_without_their_content_and_unknown_ids_are_left(stranger: Source, shop: SellerAccount) -> None:
    send(stranger, sample("order_change"))
    SourceMessage.objects.update(raw=None)
    introduce(stranger, shop)

    assert replay_dead_letters([*ids(), uuid4()]) == Replayed(left=2)
    assert SourceMessage.objects.get().state == MessageState.PARKED


def test_they_are_read_in_the_order_they_came(stranger: Source, shop: SellerAccount) -> None:
    send(stranger, sample("listing_status", id="1"), sample("listing_status", id="2", Status=[]))
    introduce(stranger, shop)

    done = replay_dead_letters(ids()[::-1])

    assert done == Replayed(read=2)
    assert list(Notification.objects.order_by("pk").values_list("type", flat=True)) == [
        "listing_created",
        "listing_closed",
    ]


def test_what_came_later_is_not_undone(stranger: Source, shop: SellerAccount) -> None:
    send(stranger, sample("listing_status", id="1", Status=["DELETED"]))
    SourceMessage.objects.update(received_at=timezone.now() - timedelta(days=20))
    introduce(stranger, shop)
    send(stranger, sample("listing_status", id="2"))

    done = replay_dead_letters(ids())

    assert done == Replayed(ignored=1, left=1)
    assert KnownListing.objects.get().is_open is True
    assert list(Notification.objects.values_list("type", flat=True)) == ["listing_created"]


def test_a_body_that_was_unreadable_is_taken_apart(stranger: Source, shop: SellerAccount) -> None:
    receive(stranger, b"nonsense", way="http")
    introduce(stranger, shop)
    still = replay_dead_letters(ids())
    SourceMessage.objects.update(raw=b'[{"NotificationType": "FEE_PROMOTION"}, 7]')

    done = replay_dead_letters(ids())

    assert (still, done) == (Replayed(parked=1), Replayed(read=1))
    rows = SourceMessage.objects.order_by("pk").values_list("state", "reason", "detail")
    assert list(rows) == [
        (MessageState.READ, "", "Taken apart into 2 messages."),
        (MessageState.IGNORED, "not_for_sellers", "FEE_PROMOTION is not for sellers."),
        (MessageState.PARKED, "unknown_shape", "It names no type of notification."),
    ]


def test_what_is_taken_apart_came_when_its_body_came(stranger: Source) -> None:
    receive(stranger, b"nonsense", way="http")
    came = timezone.now() - timedelta(days=10)
    SourceMessage.objects.update(raw=b'[{"NotificationType": "FEE_PROMOTION"}]', received_at=came)

    replay_dead_letters(ids())

    assert set(SourceMessage.objects.values_list("received_at", flat=True)) == {came}


@pytest.mark.django_db(transaction=True)
def test_two_operators_at_the_same_moment_read_each_message_once(stranger: Source, shop: SellerAccount) -> None:
    send(stranger, *[sample("order_change", id=f"{one}", AmazonOrderId=f"503-{one}") for one in range(20)])
    introduce(stranger, shop)
    gate, parked = threading.Barrier(2), ids()

    def run(_thread: int) -> Replayed:
        try:
            gate.wait(timeout=LIMIT_SECONDS)
            return replay_dead_letters(parked)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(run, range(2))

    assert (one + other) == Replayed(read=20, left=20)
    assert set(SourceMessage.objects.values_list("tries", flat=True)) == {2}
