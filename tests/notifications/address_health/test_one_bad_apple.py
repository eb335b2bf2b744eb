"""One shop's trouble, or one mail that cannot be read, stops no other."""

import contextlib
from datetime import timedelta

import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.forms.fields import AddressField
from accounts.models import User
from notifications import address_health, tasks
from notifications.address_health.events import returned_mail
from notifications.address_health.repair import test_messages
from notifications.channels.email.return_path import AttemptRef
from notifications.models import Address, AddressTestMessage, FailureNotice, ReturnedMail
from notifications.recipients import email_addresses
from notifications.types.enums import AddressState
from tests.notifications.address_health.test_stopping import again
from tests.returned_mail import dsn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("odd", ["a@[127.0.0.1]", "=?a@ok.test", "a@stra\u00dfe.test", "x" * 65 + "@ok.test"])
def test_a_test_mail_to_an_odd_sign_in_address_stops_no_other_mail(client, shop, hanako, other_shop, mika, odd):
    """The sign-up form takes these addresses; whoever owns a mail server there can confirm them."""
    assert AddressField().clean(odd) == odd
    User.objects.filter(pk=mika.pk).update(email=odd)
    mika.refresh_from_db()
    mika.emailaddress_set.update(email=odd)
    client.force_login(mika)
    theirs = email_addresses.default_addresses([other_shop.pk])[other_shop.pk]
    answer = client.post(reverse("notifications:test_address", args=[other_shop.public_id, theirs.pk]))
    assert answer.status_code == 302
    mine = email_addresses.default_addresses([shop.pk])[shop.pk]
    test_messages.enqueue_test(mine, by=hanako)
    Address.objects.create(account=shop, email="y@ok.test", state=AddressState.FAILING, failure="mailbox_full")
    FailureNotice.objects.create(account=shop, channel="email", day=timezone.localdate(), due_at=timezone.now())
    mail.outbox.clear()

    for _ in range(3):
        try:
            tasks.send_settings_mail()
        except Exception as error:
            print(repr(error))
        AddressTestMessage.objects.update(due_at=timezone.now())  # time passes

    assert {tuple(letter.to) for letter in mail.outbox} == {("hanako@ok.test",)}
    assert len(mail.outbox) == 2


@pytest.mark.parametrize("odd", ["a@[127.0.0.1]"])
def test_a_failure_notice_to_an_odd_sign_in_address_stops_no_other(shop, hanako, other_shop, mika, odd):
    User.objects.filter(pk=mika.pk).update(email=odd)
    now = timezone.now()
    for account in (other_shop, shop):
        Address.objects.create(account=account, email="y@ok.test", state=AddressState.FAILING, failure="mailbox_full")
        FailureNotice.objects.create(account=account, channel="email", day=timezone.localdate(), due_at=now)

    for _ in range(3):
        try:
            address_health.send_due_notices()
        except Exception as error:
            print(repr(error))
        FailureNotice.objects.exclude(due_at=None).update(due_at=timezone.now())

    assert ["hanako@ok.test"] in [letter.to for letter in mail.outbox]


def test_a_returned_mail_that_kills_its_reader_takes_no_others_along(queue, monkeypatch):
    first = queue("a@ok.test", status="sent", completed_at=timezone.now())
    Address.objects.update(trusted_since=timezone.now() - timedelta(days=1))
    rows = [first, *(again(first) for _ in range(4))]
    for row in rows:
        address_health.store_returned(AttemptRef(row.pk, timezone.now()), dsn())
    ReturnedMail.objects.filter(delivery_id=first.pk).update(due_at=timezone.now() - timedelta(days=1))
    killer = bytes(ReturnedMail.objects.get(delivery_id=first.pk).raw) + b"killer"
    ReturnedMail.objects.filter(delivery_id=first.pk).update(raw=killer)
    real = returned_mail.parse

    def parse(raw):
        if raw.endswith(b"killer"):
            raise SoftTimeLimitExceeded  # or the kernel, for want of memory
        return real(raw)

    monkeypatch.setattr(returned_mail, "parse", parse)
    for _ in range(8):
        with contextlib.suppress(SoftTimeLimitExceeded):
            tasks.read_returned_mail()
        ReturnedMail.objects.exclude(due_at=None).update(due_at=timezone.now())  # the lease is over
        ReturnedMail.objects.filter(delivery_id=first.pk).exclude(due_at=None).update(
            due_at=timezone.now() - timedelta(days=1)
        )

    outcomes = dict(ReturnedMail.objects.values_list("delivery_id", "outcome"))
    assert [outcomes[row.pk] for row in rows[1:]] == ["bounce"] * 4
