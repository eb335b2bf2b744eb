"""From a mail server's answer to an address that rests, and what becomes of its notifications."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import HistoryEntry
from notifications import address_health, delivery
from notifications.models import Address, Attempt, Delivery, FailureNotice, MailReport, Notification
from notifications.types.enums import AddressState, BounceKind, DeliveryStatus
from notifications.types.payloads.samples import SAMPLES
from tests.waiting import LIMIT_SECONDS

pytestmark = pytest.mark.django_db(transaction=True)


def run() -> None:
    delivery.run(max_seconds=LIMIT_SECONDS, after_batch=address_health.assess_due)


def standing(email: str) -> tuple[str, str]:
    return Address.objects.values_list("state", "failure").get(email=email)


def statuses(email: str) -> list[tuple[str, str]]:
    return list(Delivery.objects.filter(recipient=email).order_by("pk").values_list("status", "cause"))


def again(row: Delivery, type_key: str = "order_confirmed") -> Delivery:
    """Another notification for the same address."""
    number = Notification.objects.count()
    one = Notification.objects.create(
        account=row.notification.account,
        source=row.notification.source,
        event_id=f"again-{number}",
        type=type_key,
        occurred_at=timezone.now(),
        data=SAMPLES[type_key],
    )
    return Delivery.objects.create(
        notification=one,
        channel=row.channel,
        address=row.address,
        recipient=row.recipient,
        language="ja",
        due_at=timezone.now() - timedelta(seconds=1),
    )


def news(row: Delivery, kind: BounceKind, reason: str = "", *, sent_at=None, permanent: bool = True) -> None:
    """As it is kept when it comes back later."""
    row.refresh_from_db()
    number = MailReport.objects.count()
    MailReport.objects.create(
        key=f"test-{number}",
        way="mailbox",
        kind=kind,
        delivery=row,
        address_id=row.address_id,
        recipient=row.recipient,
        sent_at=sent_at or row.completed_at,
        permanent=permanent,
        reason=reason,
        text="said later",
    )
    address_health.assess_due()


def test_an_unknown_address_stops_at_once_and_what_waits_is_held(queue, mail_server):
    row = queue("unknown@ok.test")
    waiting = again(row)
    Delivery.objects.filter(pk=waiting.pk).update(due_at=timezone.now() + timedelta(hours=1))

    run()

    assert standing("unknown@ok.test") == (AddressState.FAILING, "unknown_user")
    assert statuses("unknown@ok.test") == [("held", "unknown_user"), ("held", "unknown_user")]
    address = Address.objects.get()
    assert address.failure_answer == "5.1.1 There is nobody 5.1.1 of that name"
    assert address.next_try_at is None
    report = MailReport.objects.get()
    assert (report.way, report.reason, report.code, report.permanent) == ("smtp", "unknown_user", 550, True)
    assert Attempt.objects.get().permanent is True
    assert [entry.action for entry in HistoryEntry.objects.all()] == ["address.failing"]
    assert set(FailureNotice.objects.values_list("channel", flat=True)) == {"email", "line"}
    assert FailureNotice.objects.count() == 2


def test_one_shop_s_news_say_nothing_in_another(queue, mail_server, other_shop):
    twin = Address.objects.create(account=other_shop, email="unknown@ok.test", state=AddressState.ACTIVE)
    queue("unknown@ok.test")

    run()

    twin.refresh_from_db()
    assert twin.state == AddressState.ACTIVE


def test_a_success_stops_nothing_and_reports_nothing(queue, mail_server):
    queue("hanako@ok.test")

    run()

    assert standing("hanako@ok.test") == (AddressState.ACTIVE, "")
    assert MailReport.objects.count() == 0


def test_a_temporary_answer_blames_nobody(queue, mail_server):
    queue("busy@ok.test")

    run()

    assert standing("busy@ok.test") == (AddressState.ACTIVE, "")
    assert statuses("busy@ok.test") == [("queued", "")]


def test_a_timetable_that_is_used_up_does(queue, mail_server):
    queue("busy@ok.test", tries=7)

    run()

    assert standing("busy@ok.test") == (AddressState.FAILING, "expired")
    assert Address.objects.get().next_try_at is not None


def test_what_is_our_own_fault_blames_nobody(queue, mail_server):
    queue("hanako@-.test")

    run()

    assert standing("hanako@-.test") == (AddressState.ACTIVE, "")
    assert MailReport.objects.count() == 0


def test_a_late_bounce_takes_back_what_was_sent(queue, mail_server):
    row = queue("hanako@ok.test")
    run()

    news(row, BounceKind.BOUNCE, "mailbox_full")

    assert standing("hanako@ok.test") == (AddressState.FAILING, "mailbox_full")
    assert statuses("hanako@ok.test") == [("held", "mailbox_full")]
    assert Attempt.objects.get().detail == "said later"


def test_a_bounce_that_does_not_stop_the_address_shows_at_its_notification(queue, mail_server):
    row = queue("hanako@ok.test")
    run()

    news(row, BounceKind.BOUNCE, "blocked_by_provider")

    assert standing("hanako@ok.test") == (AddressState.ACTIVE, "")
    assert statuses("hanako@ok.test") == [("bounced", "blocked_by_provider")]


def test_with_the_third_refusal_all_three_are_held(queue, mail_server):
    rows = [queue("hanako@ok.test")]
    rows += [again(rows[0]), again(rows[0])]
    run()

    for row in rows:
        news(row, BounceKind.BOUNCE, "blocked_by_provider")

    assert standing("hanako@ok.test") == (AddressState.FAILING, "blocked_by_provider")
    assert statuses("hanako@ok.test") == [("held", "blocked_by_provider")] * 3


def test_after_a_complaint_only_what_is_required_is_sent(queue, mail_server):
    row = queue("hanako@ok.test")
    run()
    news(row, BounceKind.COMPLAINT)
    again(row)
    again(row, "account_at_risk")

    run()

    assert standing("hanako@ok.test") == (AddressState.REFUSED, "complaint")
    assert statuses("hanako@ok.test") == [("sent", ""), ("held", "complaint"), ("sent", "")]


def test_a_late_bounce_after_the_reset_hurts_nobody(queue, mail_server, hanako):
    row = queue("hanako@ok.test")
    run()
    news(row, BounceKind.BOUNCE, "mailbox_full")
    left_before = row.completed_at
    address_health.reset(Address.objects.get(), by=hanako)
    Delivery.objects.filter(pk=row.pk).update(status=DeliveryStatus.SENT, completed_at=timezone.now())

    news(row, BounceKind.BOUNCE, "unknown_user", sent_at=left_before - timedelta(hours=2))

    assert standing("hanako@ok.test") == (AddressState.ACTIVE, "")
    assert statuses("hanako@ok.test")[0][0] == "sent"


def test_after_the_reset_a_new_failure_stops_it_again(queue, mail_server, hanako):
    row = queue("unknown@ok.test")
    run()
    address_health.reset(Address.objects.get(), by=hanako)
    again(row)

    run()

    assert standing("unknown@ok.test") == (AddressState.FAILING, "unknown_user")


def test_news_whose_address_was_removed_are_laid_aside(queue, mail_server):
    row = queue("hanako@ok.test")
    run()
    Address.objects.all().delete()

    news(row, BounceKind.BOUNCE, "unknown_user")

    assert MailReport.objects.get().is_judged is True


def test_the_same_state_is_told_once(queue, mail_server):
    row = queue("hanako@ok.test")
    run()

    news(row, BounceKind.BOUNCE, "mailbox_full")
    news(row, BounceKind.BOUNCE, "mailbox_full")

    assert HistoryEntry.objects.count() == 1
    assert set(FailureNotice.objects.values_list("channel", flat=True)) == {"email", "line"}
    assert FailureNotice.objects.count() == 2
    assert Attempt.objects.count() == 1


def test_operators_hear_of_a_provider_that_refuses_us_once_a_day(queue, mail_server, settings):
    settings.ADMINS = [("", "ops@ok.test")]
    first = queue("hanako@ok.test")
    rows = [first, again(first), again(first)]
    run()

    for row in rows:
        news(row, BounceKind.BOUNCE, "blocked_by_provider")
    Address.objects.update(state=AddressState.ACTIVE, failure="")
    MailReport.objects.update(is_judged=False)
    address_health.assess_due()

    assert [(letter.to, letter.subject) for letter in mail.outbox] == [
        (["ops@ok.test"], "[SellerHub] Mail to ok.test is refused")
    ]
    assert "said later" in mail.outbox[0].body


def test_old_reports_go_and_those_of_a_resting_address_stay(queue, mail_server):
    row = queue("hanako@ok.test")
    run()
    for kind in BounceKind:
        news(row, kind, "unknown_user" if kind == BounceKind.BOUNCE else "")
    MailReport.objects.update(received_at=timezone.now() - timedelta(days=500))

    purged = address_health.purge_reports()
    left = set(MailReport.objects.values_list("kind", flat=True))
    Address.objects.update(state=AddressState.ACTIVE)
    address_health.purge_reports()

    assert purged == 3
    assert left == {"bounce", "complaint"}
    assert not MailReport.objects.exists()
