"""What comes back after somebody repaired or replaced the address is not lost."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from notifications import address_health, delivery
from notifications.address_health import actions
from notifications.address_health.repair import replays
from notifications.channels.email.return_path import AttemptRef
from notifications.channels.registry import return_path
from notifications.models import Address, Delivery, MailReport
from notifications.types.enums import AddressState, BounceKind, ReplayMode
from tests.notifications.address_health.test_stopping import again, news
from tests.returned_mail import dsn
from tests.waiting import LIMIT_SECONDS

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

    address_health.replace_everywhere(failing.address, "new@ok.test", by=hanako)
    Delivery.objects.update(due_at=timezone.now())
    delivery.run(max_seconds=LIMIT_SECONDS)

    probe.refresh_from_db()
    assert (probe.status, probe.answer) != ("failed", "The address was removed before the e-mail was sent.")


def test_what_comes_back_after_the_replacement_is_not_called_sent(failing, hanako):
    late = again(failing)
    left = timezone.now() - timedelta(minutes=10)
    Delivery.objects.filter(pk=late.pk).update(status="sent", completed_at=left)

    address_health.replace_everywhere(failing.address, "new@ok.test", by=hanako)
    address_health.store_returned(AttemptRef(late.pk, left), dsn(b"orders@ok.test"))
    address_health.read_due()

    late.refresh_from_db()
    assert late.status != "sent"


def test_what_left_before_the_reset_and_comes_back_after_it_is_kept(failing, hanako):
    late = again(failing)
    left = timezone.now() - timedelta(minutes=10)
    Delivery.objects.filter(pk=late.pk).update(status="sent", completed_at=left)

    address_health.reset(failing.address, by=hanako)
    news(late, BounceKind.BOUNCE, "mailbox_full", sent_at=left)

    late.refresh_from_db()
    assert Address.objects.get(pk=failing.address_id).state == "active"
    assert late.status == "held"


def test_a_summary_that_a_filter_returned_is_kept_though_the_address_goes_on(queue, mail_server, hanako, settings):
    settings.BOUNCE_DOMAIN = "bounce.hub.test"
    row = queue("orders@ok.test", status="held", cause="mailbox_full")
    for _ in range(2):
        Delivery.objects.filter(pk=again(row).pk).update(status="held", cause="mailbox_full")
    replays.begin(row.address, ReplayMode.SUMMARY, by=hanako)
    while replays.work_off_due():
        pass
    [letter] = mail.outbox

    address_health.store_returned(
        return_path().read(letter.from_email),
        dsn(b"orders@ok.test", status=b"5.7.1", said=b"554 5.7.1 Message rejected as spam by content filter"),
    )
    address_health.read_due()

    assert Address.objects.get(pk=row.address_id).state == AddressState.ACTIVE
    assert list(Delivery.objects.values_list("status", flat=True)) == ["held"] * 3


def test_of_many_that_come_back_none_is_lost(queue, mail_server, monkeypatch):
    monkeypatch.setattr(actions, "MAX_NEWS", 3)
    monkeypatch.setattr(actions, "MAX_AT_ONCE", 4)
    now = timezone.now()
    row = queue("orders@ok.test")
    Address.objects.update(trusted_since=now - timedelta(days=1))
    rows = [row, *(again(row) for _ in range(9))]
    Delivery.objects.update(status="sent", completed_at=now - timedelta(minutes=30))
    for number, one in enumerate(rows):
        MailReport.objects.create(
            key=str(number),
            way="sendgrid",
            kind=BounceKind.BOUNCE,
            delivery=one,
            address=row.address,
            permanent=True,
            reason="unknown_user",
            sent_at=now - timedelta(minutes=30),
        )

    while address_health.assess_due():
        pass

    assert list(Delivery.objects.values_list("status", flat=True)) == ["held"] * 10


def test_an_address_that_cannot_be_judged_stops_no_other(queue, mail_server, monkeypatch, caplog):
    first = queue("a@ok.test", status="sent", completed_at=timezone.now())
    Address.objects.update(trusted_since=timezone.now() - timedelta(days=1))
    second = Address.objects.create(account=first.address.account, email="b@ok.test", state=AddressState.ACTIVE)
    Address.objects.filter(pk=second.pk).update(trusted_since=timezone.now() - timedelta(days=1))
    for number, address in enumerate((first.address, second)):
        MailReport.objects.create(
            key=str(number),
            way="x",
            kind=BounceKind.BOUNCE,
            address=address,
            permanent=True,
            reason="unknown_user",
            sent_at=timezone.now(),
        )
    real = actions.assess

    def judge(news, **facts):
        if facts["trusted_since"] == first.address.__class__.objects.get(pk=first.address_id).trusted_since:
            raise ValueError("a@ok.test")
        return real(news, **facts)

    monkeypatch.setattr(actions, "assess", judge)
    while address_health.assess_due():
        pass

    second.refresh_from_db()
    assert second.state == AddressState.FAILING
    assert "a@ok.test" not in caplog.text
    assert str(first.address_id) in caplog.text
