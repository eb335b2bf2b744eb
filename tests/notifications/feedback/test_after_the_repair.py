"""What comes back after somebody repaired or replaced the address is not lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications import delivery, feedback
from notifications.channels.email.return_path import Left
from notifications.enums import AddressState, BounceKind
from notifications.models import Address, Delivery
from tests.notifications.feedback.test_stopping import again, news
from tests.returned_mail import dsn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def failing(queue, mail_server, hanako):
    now = timezone.now()
    row = queue("orders@ok.test", status="held", cause="mailbox_full")
    Address.objects.update(state="failing", failure="mailbox_full", trusted_since=now - timedelta(days=3))
    row.address.refresh_from_db()
    Address.objects.create(
        account=row.address.account,
        email="new@ok.test",
        state=AddressState.ACTIVE,
        trusted_since=now - timedelta(days=3),
    )
    return row


def test_a_probe_that_waits_for_its_next_try_goes_along(failing, hanako):
    probe = again(failing)
    Delivery.objects.filter(pk=probe.pk).update(tries=1, due_at=timezone.now() + timedelta(minutes=5))
    Address.objects.filter(pk=failing.address_id).update(probe=probe.pk)

    feedback.replace_everywhere(failing.address, "new@ok.test", by=hanako)
    Delivery.objects.update(due_at=timezone.now())
    delivery.run(max_seconds=5)

    probe.refresh_from_db()
    assert (probe.status, probe.answer) != ("failed", "The address was removed before the e-mail was sent.")


def test_what_comes_back_after_the_replacement_is_not_called_sent(failing, hanako):
    late = again(failing)
    left = timezone.now() - timedelta(minutes=10)
    Delivery.objects.filter(pk=late.pk).update(status="sent", settled_at=left)

    feedback.replace_everywhere(failing.address, "new@ok.test", by=hanako)
    feedback.store_returned(Left(late.pk, left), dsn(b"orders@ok.test"))
    feedback.read_due()

    late.refresh_from_db()
    assert late.status != "sent"


def test_what_left_before_the_reset_and_comes_back_after_it_is_kept(failing, hanako):
    late = again(failing)
    left = timezone.now() - timedelta(minutes=10)
    Delivery.objects.filter(pk=late.pk).update(status="sent", settled_at=left)

    feedback.reset(failing.address, by=hanako)
    news(late, BounceKind.BOUNCE, "mailbox_full", left_at=left)

    late.refresh_from_db()
    assert Address.objects.get(pk=failing.address_id).state == "active"
    assert late.status == "held"
