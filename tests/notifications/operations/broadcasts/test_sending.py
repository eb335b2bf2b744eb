"""Each seller of the audience is told once, whatever happens on the way."""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection
from django.utils import timezone

from accounts.models import SellerAccount
from notifications import tasks
from notifications.models import Broadcast, Delivery, Notification, Source
from notifications.operations.broadcasts import chunks, transitions, worker
from notifications.types.enums import DeliveryStatus, Priority
from tests.waiting import LIMIT_SECONDS

from .conftest import shops, work

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr(chunks, "CHUNK", 10)


def told() -> Counter[str]:
    return Counter(Notification.objects.values_list("account__name", flat=True))


def test_all_of_the_audience_is_told_and_nobody_else(released, omar):
    shops(25, language="en")
    shops(5, language="ja")
    broadcast = released(languages=["en"])

    work()

    broadcast.refresh_from_db()
    assert told() == Counter(f"Shop {one}" for one in range(25))
    assert (broadcast.state, broadcast.total, broadcast.done, broadcast.due_at) == ("sent", 25, 25, None)
    assert broadcast.finished_at >= broadcast.started_at
    assert Source.objects.get().active is False


def test_they_hear_it_by_mail_in_their_language(shop, hanako, other_shop, mika, released):
    released()

    work()

    assert list(Delivery.objects.order_by("recipient").values_list("recipient", "language", "priority")) == [
        ("hanako@ok.test", "ja", Priority.BULK),
        ("mika@ok.test", "en", Priority.BULK),
    ]


@pytest.mark.parametrize("count", [9, 10, 11, 20])
def test_it_ends_at_the_last_seller(released, count):
    shops(count)
    broadcast = released()

    work()

    broadcast.refresh_from_db()
    assert (broadcast.state, broadcast.done, len(told())) == ("sent", count, count)


def test_a_worker_that_dies_before_the_commit_has_told_nobody(released, monkeypatch):
    shops(25)
    broadcast = released()
    chunks.step()
    save = Broadcast.save

    def die(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(Broadcast, "save", die)
    with pytest.raises(KeyboardInterrupt):
        chunks.step()
    told_before = len(told())
    monkeypatch.setattr(Broadcast, "save", save)
    work()

    broadcast.refresh_from_db()
    assert told_before == 10
    assert told() == Counter(f"Shop {one}" for one in range(25))
    assert broadcast.done == 25


def test_a_cursor_that_was_lost_repeats_nobody(released):
    """The key of each seller's notice alone would do."""
    shops(25)
    broadcast = released()
    chunks.step()
    Broadcast.objects.filter(pk=broadcast.pk).update(cursor=0)

    work()

    assert told() == Counter(f"Shop {one}" for one in range(25))


def test_a_shop_that_opens_meanwhile_is_told_and_counted(released):
    shops(15)
    broadcast = released()
    chunks.step()
    shops(1, region="eu")

    work()

    broadcast.refresh_from_db()
    assert (broadcast.total, broadcast.done, len(Notification.objects.all())) == (16, 16, 16)


@pytest.mark.parametrize("state", ["stopped", "recalled", "draft"])
def test_what_was_stopped_after_the_look_at_the_list_is_not_sent(released, state):
    """The row itself says so once more, when it is locked."""
    shops(5)
    broadcast = released()
    Broadcast.objects.filter(pk=broadcast.pk).update(state=state)

    sent_any = chunks._send_chunk(broadcast.pk, timezone.now())

    assert (sent_any, len(told())) == (False, 0)


def test_stopped_it_tells_nobody_else_until_it_is_resumed(released, omar):
    shops(25)
    broadcast = released()
    chunks.step()

    transitions.stop(broadcast, by=omar)
    work()
    told_when_stopped = len(told())
    transitions.resume(broadcast, by=omar)
    work()

    assert told_when_stopped == 10
    assert told() == Counter(f"Shop {one}" for one in range(25))


def test_it_waits_for_its_time(shop, released):
    at = timezone.now() + timedelta(hours=3)
    released(scheduled_for=at)

    work()
    told_before = len(told())
    with time_machine.travel(at + timedelta(seconds=1)):
        work()

    assert (told_before, len(told())) == (0, 1)


def test_an_emergency_goes_between_two_chunks_of_the_rest(released):
    shops(25)
    bulk = released()
    chunks.step()
    urgent = released("emergency_notice")

    order = []
    while chunks.step():
        order.append((Broadcast.objects.get(pk=bulk.pk).done, Broadcast.objects.get(pk=urgent.pk).done))

    assert order == [(10, 10), (10, 20), (10, 25), (20, 25), (25, 25)]


def test_a_failed_chunk_comes_again_after_longer_each_time(released, monkeypatch):
    shops(15)
    broadcast = released()
    real = chunks.notify_many

    def fail(*_args):
        raise DatabaseError("secret@ok.test")

    monkeypatch.setattr(chunks, "notify_many", fail)
    waits = []
    at = timezone.now()
    for _try in range(6):
        with time_machine.travel(at, tick=False):
            work()
        broadcast.refresh_from_db()
        waits.append((broadcast.due_at - at).total_seconds())
        at = broadcast.due_at
    failed = (broadcast.problem, broadcast.tries, len(told()))
    monkeypatch.setattr(chunks, "notify_many", real)
    with time_machine.travel(at):
        work()

    broadcast.refresh_from_db()
    assert waits == [5, 30, 120, 300, 600, 600]
    assert failed == ("DatabaseError", 6, 0)
    assert (broadcast.state, broadcast.problem, broadcast.tries, len(told())) == ("sent", "", 0, 15)


def test_one_that_fails_does_not_hold_up_the_others(released, monkeypatch):
    shops(5)
    bad, good = released(), released()
    Broadcast.objects.filter(pk=bad.pk).update(body_en="")  # as no door of ours would write it

    work()

    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, bad.problem, bad.done) == ("scheduled", "ChunkRefusedError", 0)
    assert (good.state, good.done) == ("sent", 5)


def test_a_shop_that_closes_meanwhile_is_passed_over(released, monkeypatch):
    shops(5)
    broadcast = released()
    real = chunks.notify_many

    def close_one_first(source, events):
        SellerAccount.objects.filter(public_id=events[2].seller).delete()
        return real(source, events)

    monkeypatch.setattr(chunks, "notify_many", close_one_first)
    work()

    broadcast.refresh_from_db()
    assert (broadcast.state, len(told())) == ("sent", 4)


def test_a_broadcast_in_another_workers_hands_is_left_alone(released):
    shops(5)
    broadcast = released()
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT FROM notifications_broadcast WHERE id = %s FOR UPDATE", [broadcast.pk])
        sent_any = chunks.step()
    finally:
        other.rollback()
        other.close()

    assert sent_any is False
    assert len(told()) == 0


def test_the_task_rings_for_another_when_its_time_is_over(released, monkeypatch):
    shops(25)
    released()
    rung = []
    monkeypatch.setattr(tasks.enqueue, "enqueue_once", rung.append)
    monkeypatch.setattr(tasks, "DELIVERY_SECONDS", 0.0)

    tasks.send_broadcasts()
    first = list(rung)
    monkeypatch.setattr(tasks, "DELIVERY_SECONDS", LIMIT_SECONDS)
    tasks.send_broadcasts()

    assert first == ["send_broadcasts"]
    assert rung == ["send_broadcasts"]
    assert len(told()) == 25


def test_those_whose_plan_lacks_it_are_not_told(shop, hanako, other_shop, mika, released):
    released("coach_recommendations")

    work()

    assert dict(Notification.objects.values_list("account__name", "withheld")) == {
        "花子の器": "",
        "Mika Books": "not_in_plan",
    }
    assert Delivery.objects.get().status == DeliveryStatus.QUEUED


def test_nothing_due_costs_two_queries(db, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert worker.work_off_due(max_seconds=LIMIT_SECONDS) is False
