"""What goes wrong with an address only in an unlucky order, or with very much news."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications import address_health, delivery
from notifications.address_health import probes
from notifications.address_health.repair import replays
from notifications.models import Address, Delivery, MailReport, Notification
from notifications.types.enums import AddressState, BounceKind, DeliveryStatus, ReplayMode
from tests.notifications.address_health.test_stopping import again, news
from tests.waiting import LIMIT_SECONDS

pytestmark = pytest.mark.django_db(transaction=True)


def hold_more(row, count):
    for _ in range(count):
        later = again(row)
        Delivery.objects.filter(pk=later.pk).update(status=DeliveryStatus.HELD, cause="mailbox_full")


def failing_since_yesterday(queue, email, held):
    """mailbox_full since 25 hours: the probe is due."""
    row = queue(email, status=DeliveryStatus.SENT, completed_at=timezone.now() - timedelta(hours=25))
    Address.objects.update(trusted_since=timezone.now() - timedelta(days=30))
    news(row, BounceKind.BOUNCE, "mailbox_full")
    hold_more(row, held - 1)
    row.address.refresh_from_db()
    assert row.address.state == AddressState.FAILING
    return row


def minutes(count):
    for _ in range(count):
        address_health.assess_due()
        address_health.probe_due()
        delivery.run(max_seconds=LIMIT_SECONDS, after_batch=address_health.assess_due)


@pytest.mark.parametrize("email", ["nodata@ok.test", "refuse@ok.test"])
def test_a_probe_refused_for_another_reason_waits_for_the_next_date(queue, mail_server, email):
    """The oldest held is the one whose bounce stopped the address."""
    failing_since_yesterday(queue, email, 5)

    minutes(5)

    assert sum(command.startswith("RCPT TO") for command in mail_server.commands) == 1


@pytest.mark.parametrize("email", ["nodata@ok.test", "refuse@ok.test"])
def test_a_probe_refused_for_another_reason_is_kept(queue, mail_server, email):
    """The oldest held never left: it was held while it waited."""
    row = failing_since_yesterday(queue, email, 5)
    Delivery.objects.filter(pk=row.pk).update(status=DeliveryStatus.CANCELLED)

    minutes(5)

    assert list(Delivery.objects.exclude(pk=row.pk).order_by("pk").values_list("status", flat=True)) == ["held"] * 4


def test_a_probe_that_cannot_be_written_does_not_burn_the_others(queue, mail_server):
    row = failing_since_yesterday(queue, "hanako@ok.test", 3)
    Delivery.objects.update(recipient="名@ok.test")  # the server offers no SMTPUTF8
    row.refresh_from_db()

    minutes(3)

    assert list(Delivery.objects.order_by("pk").values_list("status", flat=True)).count("held") >= 2


def test_addresses_with_nothing_held_do_not_starve_the_others(queue, mail_server, monkeypatch):
    row = failing_since_yesterday(queue, "hanako@ok.test", 2)
    now = timezone.now()
    Address.objects.bulk_create(
        Address(
            account=row.notification.account,
            email=f"gone{n}@ok.test",
            state=AddressState.FAILING,
            failure="mailbox_full",
            next_try_at=now - timedelta(days=9),
        )
        for n in range(probes.MAX_AT_ONCE)
    )

    assert address_health.probe_due() == 1


def test_a_withdrawn_or_too_old_notification_is_no_probe(queue, mail_server):
    row = failing_since_yesterday(queue, "hanako@ok.test", 2)
    Notification.objects.filter(pk=row.notification_id).update(withheld="nothing_to_tell")

    minutes(1)

    row.refresh_from_db()
    assert row.status != DeliveryStatus.SENT


def test_two_failures_judged_together_are_both_held(queue, mail_server):
    now = timezone.now()
    first = queue("hanako@ok.test", status=DeliveryStatus.SENT, completed_at=now - timedelta(minutes=5))
    second = again(first)
    Delivery.objects.filter(pk=second.pk).update(status=DeliveryStatus.SENT, completed_at=now - timedelta(minutes=4))
    Address.objects.update(trusted_since=now - timedelta(days=1))
    for row, reason in ((first, "mailbox_full"), (second, "unknown_user")):
        row.refresh_from_db()
        MailReport.objects.create(
            key=reason,
            way="mailbox",
            kind=BounceKind.BOUNCE,
            delivery=row,
            address_id=row.address_id,
            sent_at=row.completed_at,
            permanent=True,
            reason=reason,
        )

    address_health.assess_due()

    assert list(Delivery.objects.order_by("pk").values_list("status", flat=True)) == ["held", "held"]


def test_what_failed_while_it_rests_is_held_whatever_the_reason(queue, mail_server):
    """In flight when the address stopped; the provider says later that it refused this one."""
    now = timezone.now()
    first = queue("hanako@ok.test", status=DeliveryStatus.SENT, completed_at=now - timedelta(minutes=5))
    second = again(first)
    Delivery.objects.filter(pk=second.pk).update(status=DeliveryStatus.SENT, completed_at=now - timedelta(minutes=4))
    Address.objects.update(trusted_since=now - timedelta(days=1))
    news(first, BounceKind.BOUNCE, "unknown_user")
    news(second, BounceKind.BOUNCE, "blocked_by_provider")

    assert list(Delivery.objects.order_by("pk").values_list("status", flat=True)) == ["held", "held"]


def test_a_complaint_stands_however_many_required_mails_arrive(queue, mail_server):
    now = timezone.now()
    row = queue("hanako@ok.test", status=DeliveryStatus.SENT, completed_at=now - timedelta(days=2))
    Address.objects.update(trusted_since=now - timedelta(days=30))
    news(row, BounceKind.COMPLAINT, permanent=False)
    assert Address.objects.get().state == AddressState.REFUSED
    MailReport.objects.bulk_create(
        MailReport(
            key=f"d{n}",
            way="sendgrid",
            kind=BounceKind.DELIVERED,
            delivery=row,
            address=row.address,
            sent_at=now - timedelta(seconds=n),
        )
        for n in range(1000)
    )

    while address_health.assess_due():
        pass

    assert Address.objects.get().state == AddressState.REFUSED


def test_what_was_delivered_to_a_gateway_and_came_back_then_stops_the_address(queue, mail_server):
    row = queue("hanako@ok.test", status=DeliveryStatus.SENT, completed_at=timezone.now() - timedelta(minutes=5))
    Address.objects.update(trusted_since=timezone.now() - timedelta(days=1))
    news(row, BounceKind.DELIVERED, permanent=False)
    news(row, BounceKind.BOUNCE, "unknown_user")

    row.refresh_from_db()
    assert Address.objects.get().state == AddressState.FAILING
    assert row.status == DeliveryStatus.HELD


def test_three_strikes_with_a_success_between_stop_nothing_however_many_successes_follow(queue, mail_server):
    now = timezone.now()
    row = queue("hanako@ok.test", status=DeliveryStatus.SENT, completed_at=now - timedelta(hours=10))
    Address.objects.update(trusted_since=now - timedelta(days=30))
    strikes = [again(row) for _ in range(3)]
    between = again(row)
    Delivery.objects.filter(pk=between.pk).update(status="sent", completed_at=now - timedelta(hours=7, minutes=30))
    template = again(row)
    Notification.objects.bulk_create(
        Notification(
            account=row.notification.account,
            source=row.notification.source,
            event_id=f"s{n}",
            type="order_confirmed",
            occurred_at=now,
            data={},
        )
        for n in range(1000)
    )
    Delivery.objects.bulk_create(
        Delivery(
            notification=one,
            channel="email",
            address=row.address,
            recipient=row.recipient,
            language="ja",
            status="sent",
            completed_at=now - timedelta(hours=3),
        )
        for one in Notification.objects.filter(event_id__startswith="s")
    )
    template.delete()
    for hours, one in zip((8, 7, 6), strikes, strict=True):
        Delivery.objects.filter(pk=one.pk).update(status="sent", completed_at=now - timedelta(hours=hours))
        news(one, BounceKind.BOUNCE, "blocked_by_provider")

    assert Address.objects.get().state == AddressState.ACTIVE


def test_a_late_second_report_of_the_old_try_does_not_hurt_what_was_sent_again(queue, mail_server, hanako):
    """The DSN came at once; reset and replay; then the provider tells of the same old try."""
    row = queue("hanako@ok.test", status=DeliveryStatus.SENT, completed_at=timezone.now() - timedelta(minutes=30))
    Address.objects.update(trusted_since=timezone.now() - timedelta(days=1))
    old_try = row.completed_at
    news(row, BounceKind.BOUNCE, "mailbox_full")
    address_health.reset(row.address, by=hanako)
    replays.begin(row.address, ReplayMode.ALL, by=hanako)
    while replays.work_off_due():
        pass
    delivery.run(max_seconds=LIMIT_SECONDS)
    row.refresh_from_db()
    assert row.status == DeliveryStatus.SENT

    news(row, BounceKind.BOUNCE, "mailbox_full", sent_at=old_try)

    row.refresh_from_db()
    assert Address.objects.get().state == AddressState.ACTIVE
    assert row.status == DeliveryStatus.SENT
