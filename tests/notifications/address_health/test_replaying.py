"""What was held is sent after the repair: once, whatever happens on the way."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import HistoryEntry
from accounts.rule_violation import RuleViolationError
from notifications import address_health, delivery
from notifications.address_health.repair import replays
from notifications.channels import internal_reasons
from notifications.models import Address, Delivery, Notification, Replay
from notifications.types.enums import AddressState, DeliveryStatus, ReplayMode
from tests.waiting import LIMIT_SECONDS

from .test_stopping import again

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def held(queue, mail_server, hanako):
    """`held(3)`: an address that works again, and what was kept for it."""

    def hold(count: int, *, state: AddressState = AddressState.ACTIVE) -> Address:
        row = queue("hanako@ok.test", status=DeliveryStatus.HELD, cause="mailbox_full", state=state)
        for _number in range(count - 1):
            again(row)
        Delivery.objects.update(status=DeliveryStatus.HELD, cause="mailbox_full")
        return row.address

    return hold


def work() -> None:
    while replays.work_off_due():
        pass


def statuses() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("status", flat=True))


def test_all_of_it_arrives_once_however_often_somebody_clicks(held, hanako, mail_server, monkeypatch):
    monkeypatch.setattr(replays, "STEP", 2)
    address = held(5)

    first = replays.begin(address, ReplayMode.ALL, by=hanako)
    second = replays.begin(address, ReplayMode.ALL, by=hanako)
    work()
    work()
    delivery.run(max_seconds=LIMIT_SECONDS)

    assert first == second
    assert mail_server.recipients == ["hanako@ok.test"] * 5
    first.refresh_from_db()
    assert (first.total, first.sent, first.left_out, first.due_at) == (5, 5, 0, None)
    assert first.finished_at is not None
    assert HistoryEntry.objects.filter(action="address.replayed").count() == 1


def test_what_was_held_later_stays(held, hanako):
    address = held(2)
    replays.begin(address, ReplayMode.ALL, by=hanako)
    later = again(Delivery.objects.first())
    Delivery.objects.filter(pk=later.pk).update(status=DeliveryStatus.HELD)

    work()

    assert statuses() == ["queued", "queued", "held"]


def test_old_reports_and_withdrawn_notices_are_left_out_and_counted(held, hanako):
    address = held(4)
    old, recent, withdrawn, order = Notification.objects.order_by("pk")
    long_ago = timezone.now() - timedelta(days=31)
    Notification.objects.filter(pk=old.pk).update(type="report_open_listings", occurred_at=long_ago)
    Notification.objects.filter(pk=recent.pk).update(type="report_open_listings")
    Notification.objects.filter(pk=withdrawn.pk).update(withheld="nothing_to_tell")
    Notification.objects.filter(pk=order.pk).update(occurred_at=long_ago)

    replay = replays.begin(address, ReplayMode.ALL, by=hanako)
    work()

    replay.refresh_from_db()
    assert (replay.sent, replay.left_out) == (2, 2)
    assert dict(Delivery.objects.values_list("notification", "status")) == {
        old.pk: "cancelled",
        recent.pk: "queued",
        withdrawn.pk: "cancelled",
        order.pk: "queued",
    }
    assert Delivery.objects.filter(answer=internal_reasons.TOO_OLD).count() == 2


def test_one_summary_tells_all_of_it(held, hanako, shop):
    address = held(3)

    replay = replays.begin(address, ReplayMode.SUMMARY, by=hanako)
    work()
    work()

    [letter] = mail.outbox
    assert letter.to == ["hanako@ok.test"]
    assert letter.body.count("注文") >= 3
    assert statuses() == ["sent"] * 3
    assert set(Delivery.objects.values_list("answer", flat=True)) == {internal_reasons.IN_SUMMARY}
    replay.refresh_from_db()
    assert (replay.sent, replay.left_out) == (3, 0)


def test_a_summary_that_no_server_takes_is_tried_again_and_nothing_counts_as_told(held, hanako, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    address = held(2)

    replay = replays.begin(address, ReplayMode.SUMMARY, by=hanako)
    work()

    replay.refresh_from_db()
    assert (replay.tries, replay.finished_at) == (1, None)
    assert replay.due_at > timezone.now()
    assert statuses() == ["held"] * 2


def test_what_is_left_is_never_sent(held, hanako, mail_server):
    address = held(2)

    replays.begin(address, ReplayMode.LEAVE, by=hanako)
    work()
    delivery.run(max_seconds=LIMIT_SECONDS)

    assert statuses() == ["cancelled"] * 2
    assert set(Delivery.objects.values_list("answer", flat=True)) == {internal_reasons.LEFT_AFTER_REPAIR}
    assert mail_server.recipients == []


def test_while_the_address_fails_nothing_is_sent(held, hanako):
    address = held(1, state=AddressState.FAILING)

    with pytest.raises(RuleViolationError):
        replays.begin(address, ReplayMode.ALL, by=hanako)

    assert not Replay.objects.exists()


def test_with_nothing_held_there_is_nothing_to_choose(held, hanako):
    address = held(1)
    Delivery.objects.update(status=DeliveryStatus.SENT)

    with pytest.raises(RuleViolationError):
        replays.begin(address, ReplayMode.ALL, by=hanako)


def test_two_replays_of_one_address_cannot_run_at_once(held, shop):
    address = held(1)
    values = {"account": shop, "held_for": address, "to": address, "mode": "all", "up_to": address.pk}
    Replay.objects.create(**values)

    with pytest.raises(IntegrityError):
        Replay.objects.create(**values)


def test_an_address_that_fails_again_meanwhile_holds_the_rest(held, hanako, mail_server):
    address = held(2)
    replays.begin(address, ReplayMode.ALL, by=hanako)
    work()
    Address.objects.update(state=AddressState.FAILING, failure="mailbox_full")

    delivery.run(max_seconds=LIMIT_SECONDS, after_batch=address_health.assess_due)

    assert statuses() == ["held"] * 2
    assert mail_server.recipients == []


def test_before_it_began_the_address_failed_again_so_nothing_is_queued_and_somebody_may_choose_anew(held, hanako):
    address = held(2)
    replay = replays.begin(address, ReplayMode.ALL, by=hanako)
    Address.objects.update(state=AddressState.FAILING, failure="mailbox_full")

    work()

    replay.refresh_from_db()
    assert statuses() == ["held"] * 2
    assert replay.finished_at is not None
