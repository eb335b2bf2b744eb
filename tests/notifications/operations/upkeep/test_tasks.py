"""What beat rings for the well-being of the site."""

import pytest
from django.core.cache import cache

from notifications import tasks
from notifications.models import CounterEntry, Heartbeat
from notifications.operations import retention
from notifications.queue import counters, enqueue
from notifications.queue.counters import Count, Name

pytestmark = pytest.mark.django_db


def test_a_tick_is_written_down():
    tasks.tick()

    assert Heartbeat.objects.get().name == "beat"


def test_counters_are_added_up():
    for _number in range(3):
        counters.write({Count(Name.SENT, "email"): 1})

    tasks.add_up_counters()

    assert CounterEntry.objects.get().amount == 3


@pytest.mark.parametrize(("is_more", "rung"), [(True, ["forget_old"]), (False, [])])
def test_what_is_left_over_the_next_task_forgets(monkeypatch, is_more, rung):
    heard: list[str] = []
    monkeypatch.setattr(retention, "forget_old", lambda *, max_seconds: is_more)
    monkeypatch.setattr(enqueue, "enqueue_once", heard.append)

    tasks.forget_old()

    assert heard == rung


def test_one_worker_forgets_at_a_time(monkeypatch):
    begun: list[float] = []
    monkeypatch.setattr(retention, "forget_old", lambda *, max_seconds: begun.append(max_seconds))
    cache.add("notifications.forget_old.turn", 1)

    tasks.forget_old()

    assert begun == []
