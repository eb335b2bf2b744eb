"""What goes wrong only while somebody repairs something, or when another thing fails meanwhile."""

import contextlib
import logging
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import User
from accounts.rule_violation import RuleViolationError
from notifications import address_health, delivery
from notifications.address_health import seller_notices
from notifications.address_health.repair import replays, summary_replay
from notifications.channels.base import SendResult
from notifications.ingest.api_keys import add_source
from notifications.ingest.pipeline import Event, notify_many
from notifications.models import Address, Delivery, FailureNotice, Notification, Replay, SkippedRoute
from notifications.queue import outbox
from notifications.recipients import email_addresses, preferences
from notifications.recipients.preferences import PreferenceInput
from notifications.types.enums import AddressState, BounceKind, DeliveryStatus, ReplayMode
from notifications.types.payloads.samples import SAMPLES
from tests.notifications.address_health.test_stopping import again, news
from tests.waiting import LIMIT_SECONDS

pytestmark = pytest.mark.django_db(transaction=True)


def work():
    while replays.work_off_due():
        pass


def statuses():
    return list(Delivery.objects.order_by("pk").values_list("status", flat=True))


@pytest.fixture
def held(queue, mail_server, hanako):
    def hold(count, email="orders@ok.test", state=AddressState.ACTIVE):
        row = queue(email, state=state)
        for _ in range(count - 1):
            again(row)
        Delivery.objects.update(status=DeliveryStatus.HELD, cause="mailbox_full")
        return row.address

    return hold


def test_a_summary_is_not_sent_to_an_address_that_fails_again(held, hanako):
    address = held(3)
    replays.begin(address, ReplayMode.SUMMARY, by=hanako)
    Address.objects.update(state=AddressState.FAILING, failure="mailbox_full")

    work()

    assert (statuses(), len(mail.outbox)) == (["held"] * 3, 0)


def test_what_is_held_while_a_summary_is_under_way_does_not_count_as_told(held, hanako, monkeypatch):
    """STEP by STEP: between two of them an older delivery comes back."""
    monkeypatch.setattr(replays, "STEP", 1)
    address = held(3)
    first = Delivery.objects.order_by("pk").first()
    Delivery.objects.filter(pk=first.pk).update(status=DeliveryStatus.SENT, completed_at=timezone.now())
    Address.objects.update(trusted_since=timezone.now() - timedelta(hours=1))
    replays.begin(address, ReplayMode.SUMMARY, by=hanako)
    replays._step_one()
    [letter] = mail.outbox
    assert "2" in letter.subject
    news(first, BounceKind.BOUNCE, "mailbox_full")

    work()

    first.refresh_from_db()
    assert first.status == DeliveryStatus.HELD


def test_a_summary_that_is_refused_for_good_lets_somebody_choose_again(held, hanako, monkeypatch):
    address = held(2)
    monkeypatch.setattr(outbox, "_send_one", lambda *_: (SendResult.REFUSED, "552 5.3.4 too big"))
    first = replays.begin(address, ReplayMode.SUMMARY, by=hanako)
    for _ in range(10):
        Replay.objects.update(due_at=timezone.now())
        replays._step_one()

    second = replays.begin(address, ReplayMode.ALL, by=hanako)

    assert second != first


def test_one_replay_that_cannot_be_written_does_not_stop_those_of_other_shops(held, hanako, other_shop, monkeypatch):
    address = held(2)
    replays.begin(address, ReplayMode.SUMMARY, by=hanako)
    theirs = Address.objects.create(account=other_shop, email="m@ok.test", state=AddressState.ACTIVE)
    row = again(Delivery.objects.first())
    Notification.objects.filter(pk=row.notification_id).update(account=other_shop)
    Delivery.objects.filter(pk=row.pk).update(address=theirs, recipient="m@ok.test", status="held")
    replays.begin(theirs, ReplayMode.ALL, by=hanako)

    def cannot(account, *rest, **more):
        raise ValueError(account)

    monkeypatch.setattr(summary_replay, "write", cannot)
    for _ in range(3):
        with contextlib.suppress(ValueError):
            replays.work_off_due()

    row.refresh_from_db()
    assert row.status == DeliveryStatus.QUEUED


def test_replacing_in_the_middle_of_a_replay_loses_nothing(held, hanako, mail_server, monkeypatch, settings):
    settings.ADDRESS_CONFIRMATION = "require"
    address = held(2)
    replays.begin(address, ReplayMode.ALL, by=hanako)
    real = replays.leave

    def replaced_meanwhile(rows, why, *, now):
        left = real(rows, why, now=now)
        if not Address.objects.filter(email="new@ok.test").exists():
            address_health.replace_everywhere(address, "new@ok.test", by=hanako)
        return left

    monkeypatch.setattr(replays, "leave", replaced_meanwhile)  # as another worker's commit at this moment
    work()
    delivery.run(max_seconds=LIMIT_SECONDS)

    assert "failed" not in statuses(), list(Delivery.objects.values_list("status", "answer"))


def test_an_address_that_fails_is_no_replacement(held, hanako):
    address = held(1, state=AddressState.FAILING)
    Address.objects.create(
        account=address.account, email="dead@ok.test", state=AddressState.FAILING, failure="unknown_user"
    )

    with pytest.raises(RuleViolationError):
        address_health.replace_everywhere(address, "dead@ok.test", by=hanako)


def test_until_the_replacement_is_confirmed_nothing_is_lost(shop, hanako, settings):
    settings.ADDRESS_CONFIRMATION = "require"
    source = add_source("Marketplace")[0]
    [old] = email_addresses.add_missing(shop, ["orders@ok.test"], by=hanako)
    preferences.save(shop, {"order_confirmed": PreferenceInput(email=True, addresses=(old.pk,))}, by=hanako)
    Address.objects.filter(pk=old.pk).update(state=AddressState.FAILING, failure="mailbox_full")
    old.refresh_from_db()

    address_health.replace_everywhere(old, "new@ok.test", by=hanako)
    notify_many(
        source,
        [Event(str(uuid4()), shop.public_id, "order_confirmed", timezone.now(), SAMPLES["order_confirmed"])],
    )

    assert [one.status for one in Delivery.objects.filter(channel="email")] == ["held"], list(
        SkippedRoute.objects.values_list("recipient", "reason")
    )


def test_what_was_held_for_a_removed_address_is_not_held_for_ever(held, hanako):
    address = held(2, state=AddressState.FAILING)

    email_addresses.remove(address, by=hanako)

    assert "held" not in statuses()


def test_a_healthy_address_is_not_blamed_for_what_happened_to_the_one_it_replaced(held, hanako, queue):
    """A provider tells of the same try again, by another event, after the delivery moved."""
    now = timezone.now()
    address = held(1, state=AddressState.FAILING)
    row = Delivery.objects.get()
    Delivery.objects.update(completed_at=now - timedelta(hours=3))
    healthy = Address.objects.create(
        account=address.account,
        email="healthy@ok.test",
        state=AddressState.ACTIVE,
        trusted_since=now - timedelta(days=9),
    )
    address_health.replace_everywhere(address, "healthy@ok.test", by=hanako)
    from notifications.channels.email.providers.events import ProviderEvent

    address_health.store_provider_events(
        [
            ProviderEvent(
                id="second-event",
                kind=BounceKind.BOUNCE,
                delivery_id=row.pk,
                sent_at=now - timedelta(hours=3),
                at=now - timedelta(hours=3),
                recipient=address.email,
                permanent=True,
                reason="unknown_user",
                status="5.1.1",
                code=550,
                text="gone",
            )
        ],
        way="amazon_ses",
    )
    address_health.assess_due()

    healthy.refresh_from_db()
    assert healthy.state == AddressState.ACTIVE


def test_a_healthy_address_is_not_blamed_for_a_returned_mail_of_an_earlier_try(held, hanako):
    """In doubt (connection lost after DATA), held, moved; then the first try comes back."""
    from notifications.channels.email.return_path import AttemptRef
    from tests.returned_mail import dsn

    now = timezone.now()
    address = held(1, state=AddressState.FAILING)
    row = Delivery.objects.get()
    healthy = Address.objects.create(
        account=address.account,
        email="healthy@ok.test",
        state=AddressState.ACTIVE,
        trusted_since=now - timedelta(days=9),
    )
    address_health.replace_everywhere(address, "healthy@ok.test", by=hanako)
    address_health.store_returned(AttemptRef(row.pk, now - timedelta(minutes=30)), dsn(address.email.encode()))
    address_health.read_due()

    healthy.refresh_from_db()
    assert healthy.state == AddressState.ACTIVE


def test_a_shop_without_a_primary_user_does_not_stop_the_notices_of_others(shop, hanako, other_shop):
    Address.objects.create(account=other_shop, email="x@ok.test", state=AddressState.FAILING, failure="mailbox_full")
    Address.objects.create(account=shop, email="y@ok.test", state=AddressState.FAILING, failure="mailbox_full")
    long_ago = timezone.now() - timedelta(hours=1)
    FailureNotice.objects.create(account=other_shop, channel="email", day=timezone.localdate(), due_at=long_ago)
    FailureNotice.objects.create(account=shop, channel="email", day=timezone.localdate(), due_at=timezone.now())

    for _ in range(3):
        try:
            address_health.send_due_notices()
        except Exception as error:
            print(type(error))

    assert [letter.to for letter in mail.outbox] == [["hanako@ok.test"]]


def test_a_primary_user_whose_address_cannot_be_written_to_does_not_stop_others(shop, hanako, other_shop, mika):
    User.objects.filter(pk=mika.pk).update(email='"odd name"@ok.test')
    Address.objects.create(account=other_shop, email="x@ok.test", state=AddressState.FAILING, failure="mailbox_full")
    Address.objects.create(account=shop, email="y@ok.test", state=AddressState.FAILING, failure="mailbox_full")
    FailureNotice.objects.create(
        account=other_shop, channel="email", day=timezone.localdate(), due_at=timezone.now() - timedelta(hours=1)
    )
    FailureNotice.objects.create(account=shop, channel="email", day=timezone.localdate(), due_at=timezone.now())

    for _ in range(3):
        try:
            address_health.send_due_notices()
        except Exception as error:
            print(repr(error))

    assert ["hanako@ok.test"] in [letter.to for letter in mail.outbox]


def test_an_address_that_fails_after_the_notice_of_the_day_is_told_some_time(shop, hanako):
    first = Address.objects.create(account=shop, email="x@ok.test", state=AddressState.FAILING, failure="mailbox_full")
    seller_notices.enqueue_notices(first)
    FailureNotice.objects.update(due_at=timezone.now())
    address_health.send_due_notices()
    second = Address.objects.create(account=shop, email="y@ok.test", state=AddressState.FAILING, failure="mailbox_full")
    seller_notices.enqueue_notices(second)

    assert FailureNotice.objects.filter(due_at__isnull=False).exists()


def test_the_log_names_no_recipient(queue, mail_server, caplog):
    row = queue("hanako@ok.test", status="sent", completed_at=timezone.now() - timedelta(minutes=5))
    Address.objects.update(trusted_since=timezone.now() - timedelta(days=1))
    from notifications.models import MailReport

    for n in range(3):
        one = again(row)
        Delivery.objects.filter(pk=one.pk).update(status="sent", completed_at=timezone.now() - timedelta(minutes=5 - n))
        MailReport.objects.create(
            key=f"s{n}",
            way="smtp",
            kind="bounce",
            delivery=one,
            address=row.address,
            permanent=True,
            reason="blocked_by_provider",
            sent_at=timezone.now() - timedelta(minutes=5 - n),
            text="550 5.7.1 <hanako@ok.test>: recipient address rejected",
        )
    with caplog.at_level(logging.INFO):
        address_health.assess_due()

    assert Address.objects.get().state == AddressState.FAILING
    assert "hanako@" not in caplog.text


def test_the_log_names_no_recipient_of_a_summary(held, hanako, monkeypatch, caplog):
    address = held(2)
    monkeypatch.setattr(outbox, "_send_one", lambda *_: (SendResult.DEFERRED, "450 4.2.0 <orders@ok.test>: greylisted"))
    replays.begin(address, ReplayMode.SUMMARY, by=hanako)
    with caplog.at_level(logging.INFO):
        work()

    assert "orders@ok.test" not in caplog.text


def test_a_summary_that_comes_back_is_known(held, hanako, settings):
    """It must leave with a return path, or all that it tells is lost when the mailbox still refuses."""
    settings.BOUNCE_DOMAIN = "bounce.hub.test"
    address = held(2)
    replays.begin(address, ReplayMode.SUMMARY, by=hanako)
    work()

    [letter] = mail.outbox
    assert "bounce+" in letter.from_email


def test_required_ones_go_on_when_the_failure_ends_in_a_complaint(held, hanako, shop):
    address = held(2, state=AddressState.FAILING)
    Address.objects.update(failure="mailbox_full", trusted_since=timezone.now() - timedelta(days=1))
    first, second = Delivery.objects.order_by("pk")
    Notification.objects.filter(pk=first.notification_id).update(
        type="account_at_risk", data=SAMPLES["account_at_risk"]
    )
    Delivery.objects.filter(pk=second.pk).update(completed_at=timezone.now())

    news(second, BounceKind.COMPLAINT, permanent=False)

    assert Address.objects.get(pk=address.pk).state == AddressState.REFUSED
    assert statuses() == ["queued", "held"]
