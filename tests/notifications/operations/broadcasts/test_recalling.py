"""What was told is taken back: it shows its correction, and what has not left stays here."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from accounts.models import OperatorAction
from accounts.rule_violation import RuleViolationError
from notifications import delivery
from notifications.address_health.repair import replays
from notifications.channels import internal_reasons
from notifications.ingest import pipeline
from notifications.models import Address, Broadcast, Delivery, Notification, Recall, Source
from notifications.operations.broadcasts import chunks, corrections, work_off_due
from notifications.operations.redelivery import recalls
from notifications.operations.redelivery.recalls import Correction, recall_broadcast, recall_notifications
from notifications.types.enums import RECALLED, DeliveryStatus, ReplayMode
from notifications.types.payloads.samples import SAMPLES
from tests.notifications.delivery.conftest import mail_server, use_server
from tests.waiting import LIMIT_SECONDS

from .conftest import shops, work

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["mail_server", "use_server"]

SORRY = Correction(ja="開催は中止になりました。", en="The sale was cancelled.")


def states() -> dict[str, tuple[str, str]]:
    """By recipient."""
    return {one.recipient: (one.status, one.cause) for one in Delivery.objects.exclude(recipient="")}


def test_the_rest_is_not_told_and_what_was_told_is_marked(released, omar, monkeypatch):
    monkeypatch.setattr(chunks, "CHUNK", 10)
    monkeypatch.setattr(recalls, "STEP", 4)
    shops(25)
    broadcast = released()
    chunks.step()

    recall = recall_broadcast(broadcast, SORRY, tells=False, by=omar)
    work()

    recall.refresh_from_db()
    broadcast.refresh_from_db()
    assert (broadcast.state, broadcast.done, broadcast.due_at) == ("recalled", 10, None)
    assert (recall.recalled, recall.cancelled, recall.due_at) == (10, 0, None)
    assert list(Notification.objects.values_list("recall", flat=True)) == [recall.pk] * 10


def test_queued_and_held_messages_stay_here_and_what_left_is_left(shop, hanako, other_shop, mika, released, omar):
    broadcast = released()
    work()
    Delivery.objects.filter(recipient="mika@ok.test").update(status=DeliveryStatus.HELD, cause="mailbox_full")

    recall = recall_broadcast(broadcast, SORRY, tells=False, by=omar)
    work()

    recall.refresh_from_db()
    assert states() == {
        "hanako@ok.test": (DeliveryStatus.CANCELLED, RECALLED),
        "mika@ok.test": (DeliveryStatus.CANCELLED, RECALLED),
    }
    assert (recall.recalled, recall.cancelled) == (2, 2)
    assert set(Delivery.objects.values_list("answer", flat=True)) == {internal_reasons.RECALLED}


def test_what_a_worker_has_in_hand_is_not_written_any_more_after_its_lease(shop, hanako, released, omar, mail_server):
    """A mail that was deferred, or whose worker died, is due again: it must not leave then."""
    broadcast = released()
    work()
    Delivery.objects.update(lease=uuid4(), due_at=timezone.now() - timedelta(seconds=1))

    recall_broadcast(broadcast, SORRY, tells=False, by=omar)
    work()
    in_hand = states()
    delivery.run(max_seconds=LIMIT_SECONDS)

    assert in_hand == {"hanako@ok.test": (DeliveryStatus.QUEUED, "")}
    assert states() == {"hanako@ok.test": (DeliveryStatus.CANCELLED, RECALLED)}
    assert mail_server.recipients == []


@pytest.mark.parametrize("kind", ["business_update", "emergency_notice"])
def test_the_correction_is_told_to_those_whom_the_notice_reached(
    shop, hanako, other_shop, mika, released, omar, mail_server, kind
):
    broadcast = released(kind)
    work()
    Delivery.objects.filter(recipient="hanako@ok.test").update(status=DeliveryStatus.SENT)

    recall = recall_broadcast(broadcast, SORRY, tells=True, by=omar)
    work()
    delivery.run(max_seconds=LIMIT_SECONDS)

    recall.refresh_from_db()
    [correction] = Notification.objects.filter(recall=None)
    assert (correction.account, correction.type) == (shop, kind)
    assert (recall.recalled, recall.told) == (2, 1)
    assert mail_server.recipients == ["hanako@ok.test"]


def test_the_correction_of_the_coach_is_shown_and_not_sent(shop, hanako, released, omar):
    broadcast = released("coach_recommendations")
    work()
    Delivery.objects.update(status=DeliveryStatus.SENT)

    recall = recall_broadcast(broadcast, SORRY, tells=True, by=omar)
    work()

    assert recall.tells is False
    assert list(Notification.objects.values_list("recall", flat=True)) == [recall.pk]


def test_a_worker_that_dies_marks_and_tells_nobody_twice(shop, hanako, released, omar, monkeypatch):
    broadcast = released()
    work()
    Delivery.objects.update(status=DeliveryStatus.SENT)
    recall = recall_broadcast(broadcast, SORRY, tells=True, by=omar)
    save = Recall.save

    def die(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(Recall, "save", die)
    with pytest.raises(KeyboardInterrupt):
        corrections.step()
    before = Notification.objects.count()
    monkeypatch.setattr(Recall, "save", save)
    work()
    Recall.objects.update(due_at=timezone.now(), cursor=None)
    work()

    recall.refresh_from_db()
    assert before == 1
    assert (recall.recalled, recall.told, Notification.objects.count()) == (1, 1, 2)


def test_notices_of_other_broadcasts_and_of_strangers_with_such_a_key_stay(shop, hanako, released, omar):
    broadcast, other = released(), released()
    work()
    stranger = Source.objects.create(name="Marketplace")
    pipeline.notify(
        shop,
        "business_update",
        event_id=f"{broadcast.pk}/{shop.public_id}",
        data=SAMPLES["business_update"],
        source=stranger,
    )

    recall_broadcast(broadcast, SORRY, tells=False, by=omar)
    work()

    recalled = Notification.objects.filter(recall__isnull=False)
    assert [one.event_id for one in recalled] == [f"{broadcast.pk}/{shop.public_id}"]
    assert [one.source.name for one in recalled] == ["Broadcasts"]
    assert Notification.objects.filter(event_id__startswith=str(other.pk)).get().recall is None


@pytest.mark.parametrize("state", ["draft", "waiting", "scheduled", "recalled"])
def test_only_what_was_told_can_be_taken_back_and_only_once(shop, draft, omar, state):
    broadcast = draft(state=state)

    with pytest.raises(RuleViolationError):
        recall_broadcast(broadcast, SORRY, tells=False, by=omar)

    assert Broadcast.objects.get().state == state
    assert Recall.objects.count() == OperatorAction.objects.count() == 0


def test_notices_are_taken_back_one_by_one(shop, hanako, omar):
    source = Source.objects.create(name="Marketplace")
    for key in ("1", "2"):
        pipeline.notify(shop, "account_at_risk", event_id=key, data=SAMPLES["account_at_risk"], source=source)
    first, second = Notification.objects.order_by("pk")

    recall = recall_notifications([first.pk], SORRY, by=omar)
    with pytest.raises(RuleViolationError):
        recall_notifications([first.pk], SORRY, by=omar)

    assert (recall.recalled, recall.cancelled, recall.due_at) == (1, 1, None)
    assert {one.notification_id: one.status for one in Delivery.objects.all()} == {
        first.pk: DeliveryStatus.CANCELLED,
        second.pk: DeliveryStatus.QUEUED,
    }
    act = OperatorAction.objects.get()
    assert (act.act, act.account, act.detail) == (
        "notification.recalled",
        shop,
        {"notification": str(first.pk), "recall": str(recall.pk)},
    )


def test_a_step_that_fails_comes_again(shop, hanako, released, omar, monkeypatch):
    broadcast = released()
    work()
    recall_broadcast(broadcast, SORRY, tells=False, by=omar)
    monkeypatch.setattr(recalls, "mark_some", lambda _recall: 1 / 0)
    began = timezone.now()

    work()

    recall = Recall.objects.get()
    assert recall.recalled == 0
    assert recall.due_at >= began + corrections.RETRY_AFTER


def test_what_is_taken_back_goes_before_everything_that_is_sent(shop, hanako, released, omar):
    broadcast = released()
    work()
    waiting = released("emergency_notice")
    recall_broadcast(broadcast, SORRY, tells=False, by=omar)

    work_off_due(max_seconds=0)

    waiting.refresh_from_db()
    assert (Recall.objects.get().recalled, waiting.done) == (1, 0)


def test_two_workers_do_not_take_the_same_recall(shop, hanako, released, omar):
    broadcast = released()
    work()
    recall = recall_broadcast(broadcast, SORRY, tells=False, by=omar)
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT FROM notifications_recall WHERE id = %s FOR UPDATE", [recall.pk])
        took_any = corrections.step()
    finally:
        other.rollback()
        other.close()

    assert took_any is False


def hold(count: int, hanako) -> list[Delivery]:
    """Orders that were held for an address that works again."""
    source, _made = Source.objects.get_or_create(name="Marketplace")
    for key in range(count):
        data = SAMPLES["order_confirmed"] | {"order_id": f"503-1946025-771820{key}"}
        shop = hanako.memberships.get().account
        pipeline.notify(shop, "order_confirmed", event_id=f"{uuid4()}", data=data, source=source)
    Delivery.objects.update(status=DeliveryStatus.HELD, cause="mailbox_full")
    return list(Delivery.objects.order_by("pk"))


def test_a_replay_leaves_out_what_was_taken_back_and_says_why(shop, hanako, omar):
    held = hold(2, hanako)
    recall = Recall.objects.create(correction_ja="誤り", correction_en="Wrong")
    # A worker had it in hand at the recall, and held it afterwards.
    Notification.objects.filter(pk=held[0].notification_id).update(recall=recall)

    replay = replays.begin(held[0].address, ReplayMode.ALL, by=hanako)
    while replays.work_off_due():
        pass

    replay.refresh_from_db()
    assert (replay.sent, replay.left_out) == (1, 1)
    left = Delivery.objects.get(pk=held[0].pk)
    assert (left.status, left.cause, left.answer) == (
        DeliveryStatus.CANCELLED,
        RECALLED,
        internal_reasons.RECALLED,
    )


@pytest.mark.parametrize("is_late", [False, True])
def test_a_summary_names_what_was_taken_back(shop, hanako, omar, is_late):
    held = hold(3, hanako)
    if is_late:
        recall = Recall.objects.create(correction_ja="誤り", correction_en="Wrong")
        Notification.objects.filter(pk=held[1].notification_id).update(recall=recall)
    else:
        recall_notifications([held[1].notification_id], SORRY, by=omar)

    Address.objects.update(language="en")
    replays.begin(held[0].address, ReplayMode.SUMMARY, by=hanako)
    while replays.work_off_due():
        pass

    text = mail.outbox[-1].body
    assert mail.outbox[-1].subject == "2 notifications of 花子の器 that you missed"
    assert "1 notice was taken back meanwhile; it stands in the list with its correction." in text
    assert [one.status for one in Delivery.objects.order_by("pk")] == [
        DeliveryStatus.SENT,
        DeliveryStatus.CANCELLED,
        DeliveryStatus.SENT,
    ]
