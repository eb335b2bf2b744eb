"""A provider tells everything at once: it is taken in while the site answers within its usual time."""

import json
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from notifications import tasks
from notifications.enums import AddressState, Channel, DeliveryStatus
from notifications.models import Address, Delivery, MailReport, Notification, Source
from notifications.payloads.samples import SAMPLES
from tests import provider_world as world

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]

EVENTS, THREADS = 5000, 4
ADDRESSES = 250
PAGE = "/account/login/"
SLOWEST_PAGE = 1.0
"""Seconds, while the storm and the page share one process and its lock; gunicorn has several."""


@pytest.mark.parametrize("batch", [1000, 100])
def test_a_storm_of_events(shop, settings, monkeypatch, capsys, batch):
    settings.MAIL_PROVIDERS = world.all_access()
    settings.DEFAULT_FROM_EMAIL = f"SellerHub <no-reply@{world.DOMAIN}>"
    monkeypatch.setattr(tasks.judge_mail_reports, "apply_async", lambda *_arguments, **_options: None)
    rows = _sent(shop)
    events = [_event(row, number) for number, row in enumerate(rows)]
    calls = [json.dumps(events[start : start + batch]).encode() for start in range(0, EVENTS, batch)]
    usual = _pages(until=time.monotonic() + 1)

    over = threading.Event()
    with ThreadPoolExecutor(THREADS + 1) as pool:
        pages = pool.submit(_in_thread, lambda: _pages(over=over))
        begun = time.monotonic()
        taken = list(pool.map(lambda body: _in_thread(lambda: _call(body)), calls))
        seconds = time.monotonic() - begun
        over.set()
        during = pages.result()
    begun = time.monotonic()
    while MailReport.objects.filter(is_judged=False).exists():
        tasks.judge_mail_reports()
    judged = time.monotonic() - begun

    with capsys.disabled():
        print(
            f"\nProvider storm, {len(calls)} calls of {batch} by {THREADS} threads: taken in {seconds:.2f} s"
            f" ({EVENTS / seconds:.0f} a second), slowest call {max(t for _, t in taken):.2f} s; a page took"
            f" {statistics.median(usual) * 1000:.0f} ms before, {statistics.median(during) * 1000:.0f} ms then,"
            f" {max(during) * 1000:.0f} ms at worst of {len(during)}; judged in {judged:.1f} s."
        )
    assert {status for status, _ in taken} == {200}
    assert MailReport.objects.count() == EVENTS
    assert max(during) < SLOWEST_PAGE
    assert set(Address.objects.values_list("state", flat=True)) == {AddressState.FAILING}
    assert set(Delivery.objects.values_list("status", flat=True)) == {DeliveryStatus.HELD}


def _call(body: bytes) -> tuple[int, float]:
    begun = time.monotonic()
    return world.call(Client(), "sendgrid", body).status_code, time.monotonic() - begun


def _pages(*, until: float = 0, over: threading.Event | None = None) -> list[float]:
    browser, taken = Client(), []
    while not (over.is_set() if over else time.monotonic() > until):
        begun = time.monotonic()
        assert browser.get(PAGE).status_code == 200
        taken.append(time.monotonic() - begun)
        time.sleep(0.02)
    return taken


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
            event_key=str(number),
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
            settled_at=timezone.now(),
        )
        for one in notifications
        for address in addresses
    )
