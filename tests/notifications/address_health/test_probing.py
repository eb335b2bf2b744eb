"""An address that may mend itself is tried again by one notification; the clock does the rest."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import HistoryEntry
from notifications import address_health, delivery
from notifications.models import Address, Delivery
from notifications.types.enums import AddressState, BounceKind, DeliveryStatus
from tests.waiting import LIMIT_SECONDS

from .test_stopping import again, news, run

pytestmark = pytest.mark.django_db(transaction=True)
A_DAY = timedelta(days=1, minutes=1)


@pytest.fixture
def full(queue, mail_server):
    """The mailbox of one address is full since now; two more notifications are held for it."""
    row = queue("hanako@ok.test")
    Address.objects.update(trusted_since=timezone.now() - timedelta(days=30))
    run()
    news(row, BounceKind.BOUNCE, "mailbox_full")
    for _number in range(2):
        later = again(row)
        Delivery.objects.filter(pk=later.pk).update(status=DeliveryStatus.HELD, cause="mailbox_full")
    mail_server.mails.clear()
    return row.address


def later(address: Address, wait: timedelta) -> None:
    """Let time pass: everything that happened lies so much farther back."""
    Address.objects.filter(pk=address.pk).update(next_try_at=address.next_try_at - wait)
    address.refresh_from_db()


def statuses() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("status", flat=True))


def test_before_its_time_nothing_is_tried(full):
    assert address_health.probe_due() == 0
    assert statuses() == ["held"] * 3


def test_the_oldest_goes_first_and_alone(full, mail_server):
    full.refresh_from_db()
    later(full, A_DAY)

    begun = address_health.probe_due(), address_health.probe_due()
    delivery.run(max_seconds=LIMIT_SECONDS)

    assert begun == (1, 0)
    assert statuses() == ["sent", "held", "held"]
    assert len(mail_server.mails) == 1


def test_with_nothing_held_there_is_nothing_to_try_it_with(full):
    Delivery.objects.all().delete()
    full.refresh_from_db()
    later(full, A_DAY)

    assert address_health.probe_due() == 0


def test_when_it_is_taken_the_address_recovers_after_a_while(full):
    full.refresh_from_db()
    moment = timezone.now()
    full.reports.update(sent_at=moment - A_DAY)
    later(full, A_DAY)
    address_health.probe_due()
    delivery.run(max_seconds=LIMIT_SECONDS)

    address_health.probe_due()
    too_early = Address.objects.get().state
    Delivery.objects.filter(status=DeliveryStatus.SENT).update(completed_at=moment - timedelta(seconds=30))
    full.reports.update(sent_at=moment - A_DAY - timedelta(minutes=20))
    Delivery.objects.filter(status=DeliveryStatus.SENT).update(completed_at=moment - timedelta(minutes=11))
    address_health.probe_due()

    address = Address.objects.get()
    assert too_early == AddressState.FAILING
    assert (address.state, address.failure, address.next_try_at) == (AddressState.ACTIVE, "", None)
    assert statuses() == ["sent", "held", "held"]
    assert HistoryEntry.objects.filter(action="address.recovered").count() == 1


def test_when_it_fails_the_next_try_waits_longer(full):
    full.refresh_from_db()
    moment = timezone.now()
    full.reports.update(sent_at=moment - A_DAY)
    later(full, A_DAY)
    address_health.probe_due()
    delivery.run(max_seconds=LIMIT_SECONDS)
    probe = Delivery.objects.get(status=DeliveryStatus.SENT)

    news(probe, BounceKind.BOUNCE, "mailbox_full", sent_at=timezone.now())

    address = Address.objects.get()
    assert address.state == AddressState.FAILING
    assert address.probe is None
    assert timedelta(days=1, hours=23) < address.next_try_at - timezone.now() < timedelta(days=2, hours=1)
    assert statuses() == ["held"] * 3
