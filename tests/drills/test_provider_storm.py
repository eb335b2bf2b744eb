"""A provider tells everything at once: it is taken in while the site goes on answering."""

import json
import statistics
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from notifications import address_health, tasks
from notifications.address_health.events.provider_events import Stored
from notifications.models import Address, Delivery, MailReport, Notification, Source
from notifications.types.enums import AddressState, Channel, DeliveryStatus
from notifications.types.payloads.samples import SAMPLES
from tests import provider_world as world
from tests.waiting import wait_until

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]

THREADS = 4
CALLS = [1000] * 4 + [100] * 10
"""How many events each holds: a large one for each thread at once, then many small ones."""
EVENTS = sum(CALLS)
ADDRESSES = 250
PAGE = "/account/login/"
PAGES = 5
"""Answered at least while every thread is in the middle of a large call."""


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long each page took. No call comes to its end before some pages were answered in the middle of it."""
    answered: list[float] = []
    store = address_health.store_provider_events

    def store_and_hold(news: Sequence[object], *, way: str) -> Stored:
        with transaction.atomic():
            stored = store(news, way=way)
            wait_until(lambda: len(answered) >= PAGES, "pages answered while calls are under way")
        return stored

    monkeypatch.setattr(address_health, "store_provider_events", store_and_hold)
    return answered


def test_a_storm_of_events(shop, settings, monkeypatch, answered, capsys):
    settings.MAIL_PROVIDERS = world.all_access()
    settings.DEFAULT_FROM_EMAIL = f"SellerHub <no-reply@{world.DOMAIN}>"
    monkeypatch.setattr(tasks.assess_mail_reports, "apply_async", lambda *_arguments, **_options: None)
    events = iter([_event(row, number) for number, row in enumerate(_sent(shop))])
    calls = [json.dumps([next(events) for _ in range(size)]).encode() for size in CALLS]

    over = threading.Event()
    with ThreadPoolExecutor(THREADS + 1) as pool:
        pages = pool.submit(_in_thread, lambda: _ask_for_pages(answered, over))
        begun = time.monotonic()
        try:
            taken = list(pool.map(lambda body: _in_thread(lambda: _call(body)), calls))
        finally:
            over.set()
        seconds = time.monotonic() - begun
        refused = pages.result()
    begun = time.monotonic()
    while MailReport.objects.filter(is_judged=False).exists():
        tasks.assess_mail_reports()
    judged = time.monotonic() - begun

    with capsys.disabled():
        print(
            f"\nProvider storm, {len(calls)} calls of {max(CALLS)} and {min(CALLS)} by {THREADS} threads: taken in"
            f" {seconds:.2f} s; {len(answered)} pages meanwhile, {statistics.median(answered) * 1000:.0f} ms,"
            f" {max(answered) * 1000:.0f} ms at worst; judged in {judged:.1f} s."
        )
    assert set(taken) == {200}
    assert len(answered) >= PAGES
    assert refused == 0
    assert MailReport.objects.count() == EVENTS
    assert set(Address.objects.values_list("state", flat=True)) == {AddressState.FAILING}
    assert set(Delivery.objects.values_list("status", flat=True)) == {DeliveryStatus.HELD}


def _call(body: bytes) -> int:
    return world.call(Client(), "sendgrid", body).status_code


def _ask_for_pages(answered: list[float], over: threading.Event) -> int:
    """One after the other; how many were refused."""
    browser, refused = Client(), 0
    while not over.wait(0.02):
        begun = time.monotonic()
        if browser.get(PAGE).status_code == 200:
            answered.append(time.monotonic() - begun)
        else:
            refused += 1
    return refused


def _in_thread(work):
    try:
        return work()
    finally:
        connection.close()


def _event(row: Delivery, number: int) -> dict:
    words = f"552 5.2.2 <{row.recipient}>: mailbox full (queue id 4Xk{number:07})"
    return world.sendgrid_bounce(row.pk, to=row.recipient, words=words, status="5.2.2", number=number)


def _sent(shop) -> list[Delivery]:
    past = timezone.now() - timedelta(days=1)
    source = Source.objects.create(name="orders")
    addresses = Address.objects.bulk_create(
        Address(account=shop, email=f"{n}@ok.test", state=AddressState.ACTIVE, trusted_since=past)
        for n in range(ADDRESSES)
    )
    notifications = Notification.objects.bulk_create(
        Notification(
            account=shop,
            source=source,
            event_id=str(number),
            type="order_confirmed",
            occurred_at=past,
            data=SAMPLES["order_confirmed"],
        )
        for number in range(EVENTS // ADDRESSES)
    )
    return Delivery.objects.bulk_create(
        Delivery(
            notification=one,
            channel=Channel.EMAIL,
            address=address,
            recipient=address.email,
            language="ja",
            status=DeliveryStatus.SENT,
            completed_at=timezone.now(),
        )
        for one in notifications
        for address in addresses
    )
