"""Who changes many deliveries of one address at once does not deadlock."""

import contextlib
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from notifications import address_health
from notifications.address_health.repair import replays
from notifications.channels.base import Outcome, SendResult
from notifications.delivery import claims
from notifications.delivery.recorder import Recording
from notifications.delivery.retry_policy import settlement
from notifications.models import Address, Delivery, MailReport, Notification
from notifications.recipients import email_addresses
from notifications.recipients.email_addresses import address_book
from notifications.types.enums import BounceKind, DeliveryStatus, ReplayMode
from tests.locks import wait_for_the_other
from tests.notifications.address_health.test_stopping import again
from tests.waiting import LIMIT_SECONDS

pytestmark = pytest.mark.django_db(transaction=True)


def in_thread(work, errors):
    def run():
        try:
            work()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_removing_an_address_while_its_mail_is_refused(queue, hanako, monkeypatch):
    """One takes the address and then its deliveries, the other the deliveries and then writes of the address."""
    row = queue("unknown@ok.test")
    [again(row) for _ in range(3)]
    batch = claims.claim(10, length=timedelta(minutes=5))
    assert len(batch.deliveries) == 4
    outcomes = [settlement(one, Outcome(one.id, SendResult.REFUSED, "550 5.1.1 gone", 550)) for one in batch.deliveries]
    errors, locked = [], threading.Event()
    real = address_book.named_by

    def named_by(address):  # between the lock on the address and the delete
        locked.set()
        wait_for_the_other(settling)
        return real(address)

    monkeypatch.setattr(address_book, "named_by", named_by)

    def settle():
        assert locked.wait(LIMIT_SECONDS)
        recording = Recording(batch.lease, outcomes)
        recording.wait()

    settling = in_thread(settle, errors)
    removing = in_thread(lambda: email_addresses.remove(Address.objects.get(pk=row.address_id), by=hanako), errors)
    for thread in (removing, settling):
        thread.join(2 * LIMIT_SECONDS)

    assert errors == []
    assert set(Delivery.objects.values_list("status", flat=True)) <= {"failed", "cancelled"}


def many(queue, count):
    row = queue("orders@ok.test")
    now = timezone.now()
    Notification.objects.bulk_create(
        Notification(
            account=row.notification.account,
            source=row.notification.source,
            event_id=f"n{n}",
            type="order_confirmed",
            occurred_at=now,
            data={},
        )
        for n in range(count)
    )
    Delivery.objects.bulk_create(
        Delivery(
            notification=one,
            channel="email",
            address=row.address,
            recipient=row.recipient,
            language="ja",
            due_at=now + timedelta(hours=1),
        )
        for one in Notification.objects.filter(event_id__startswith="n").order_by("?")
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return row


def test_judging_while_somebody_unsubscribes(queue, hanako):
    row = many(queue, 3000)
    address = Address.objects.get()
    Address.objects.update(trusted_since=timezone.now() - timedelta(days=1))
    MailReport.objects.create(
        key="x",
        way="smtp",
        kind=BounceKind.BOUNCE,
        delivery=row,
        address=address,
        permanent=True,
        reason="unknown_user",
        sent_at=timezone.now(),
    )
    errors = []
    barrier = threading.Barrier(2)
    for _ in range(15):
        if errors:
            break
        Delivery.objects.update(status=DeliveryStatus.QUEUED, lease=None)

        def judge():
            barrier.wait()
            address_health.look_again(address.pk)

        def unsubscribe():
            barrier.wait()
            email_addresses.unsubscribe(address, ["order_confirmed"])

        threads = [in_thread(judge, errors), in_thread(unsubscribe, errors)]
        for thread in threads:
            thread.join(LIMIT_SECONDS)
    assert errors == []


def test_replay_against_unsubscribing_once(queue, hanako):
    many(queue, 3000)
    address = Address.objects.get()
    errors = []
    barrier = threading.Barrier(2)
    for _ in range(15):
        if errors:
            break
        Delivery.objects.update(status=DeliveryStatus.HELD, lease=None)
        with contextlib.suppress(Exception):
            replays.begin(address, ReplayMode.ALL, by=hanako)

        def replay():
            barrier.wait()
            replays.work_off_due()

        def unsubscribe():
            barrier.wait()
            email_addresses.unsubscribe(address, ["order_confirmed"])

        threads = [in_thread(replay, errors), in_thread(unsubscribe, errors)]
        for thread in threads:
            thread.join(LIMIT_SECONDS)
    assert errors == []
