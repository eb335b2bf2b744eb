"""Requests at the same moment: nothing twice, nothing lost, no deadlock."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import SellerAccount, User
from notifications.ingest.api_keys import add_source
from notifications.ingest.pipeline import Accepted, Duplicate, Event, Result, notify_many
from notifications.models import Address, Delivery, Notification, Preference, PreferenceAddress, Source
from notifications.recipients import email_addresses
from notifications.types.enums import AddressState, Reason
from notifications.types.payloads.samples import SAMPLES
from tests.waiting import LIMIT_SECONDS

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 4


def order(seller: SellerAccount, number: int, *, key: str, at: datetime) -> Event:
    data = SAMPLES["order_confirmed"] | {"order_id": f"503-{number}"}
    return Event(key, seller.public_id, "order_confirmed", at, data)


def at_once(source: Source, batch_of: Callable[[int], list[Event]]) -> list[list[Result]]:
    """The results of one batch for each thread, all begun together."""
    gate = threading.Barrier(THREADS)

    def run(thread: int) -> list[Result]:
        batch = batch_of(thread)
        try:
            gate.wait(timeout=LIMIT_SECONDS)
            return notify_many(source, batch)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


@pytest.mark.parametrize("reverse", [False, True])
def test_the_same_batch_sent_at_once_is_accepted_once(shop: SellerAccount, hanako: User, reverse: bool) -> None:
    source, _key = add_source("Marketplace")
    batch = [order(shop, number, key=str(number), at=timezone.now()) for number in range(100)]

    results = at_once(source, lambda thread: batch[::-1] if reverse and thread % 2 else batch)

    flat = [one for answers in results for one in answers]
    assert sum(isinstance(one, Accepted) for one in flat) == 100
    assert sum(isinstance(one, Duplicate) for one in flat) == 100 * (THREADS - 1)
    named = {one.id for one in flat if isinstance(one, Accepted | Duplicate)}
    assert named == set(Notification.objects.values_list("pk", flat=True))
    assert Delivery.objects.count() == 100


def test_one_order_in_many_events_at_once_is_told_once(shop: SellerAccount, hanako: User) -> None:
    source, _key = add_source("Marketplace")

    results = at_once(
        source,
        lambda thread: [
            order(shop, number, key=str(uuid4()), at=timezone.now())
            for number in (range(50) if thread % 2 else reversed(range(50)))
        ],
    )

    assert {type(one) for answers in results for one in answers} == {Accepted}
    assert Notification.objects.filter(withheld="").count() == 50
    assert Notification.objects.filter(withheld=Reason.ALREADY_TOLD).count() == 50 * (THREADS - 1)
    assert Delivery.objects.count() == 50


def test_ids_reused_for_other_orders_at_once_end_without_an_error(shop: SellerAccount, hanako: User) -> None:
    source, _key = add_source("Marketplace")

    results = at_once(
        source,
        lambda thread: [
            order(shop, (number * 7 + thread) % 20, key=str(number), at=timezone.now()) for number in range(20)
        ],
    )

    accepted = [one for answers in results for one in answers if isinstance(one, Accepted)]
    assert len(accepted) == Notification.objects.count() == 20
    assert Delivery.objects.count() == Notification.objects.filter(withheld="").count()


def test_addresses_removed_meanwhile_harm_neither_side(shop: SellerAccount, hanako: User) -> None:
    source, _key = add_source("Marketplace")
    rows = [
        Address.objects.create(account=shop, email=f"{number}@ok.test", state=AddressState.ACTIVE)
        for number in range(20)
    ]
    choice = Preference.objects.create(account=shop, type="order_confirmed", email=True)
    for position, row in enumerate(rows):
        PreferenceAddress.objects.create(preference=choice, address=row, position=position)
    gone = threading.Event()

    def keep_telling() -> list[Result]:
        results: list[Result] = []
        try:
            while not gone.is_set():
                number = len(results)
                results += notify_many(source, [order(shop, number, key=str(number), at=timezone.now())])
            return results
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        telling = pool.submit(keep_telling)
        try:
            for row in rows:
                email_addresses.remove(row, by=hanako)
        finally:
            gone.set()
        results = telling.result()

    assert {type(one) for one in results} == {Accepted}
    assert Delivery.objects.exclude(address=None).exclude(address__email="hanako@ok.test").count() == 0
    assert Delivery.objects.values("notification").distinct().count() == len(results)
