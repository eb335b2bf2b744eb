import contextlib
import socket
from collections.abc import Iterator

import pytest
from celery import Celery
from django.core.cache import cache
from kombu.exceptions import OperationalError
from redis.exceptions import ConnectionError as CacheConnectionError

from notifications import tasks
from notifications.queue import enqueue

MAX_SECONDS = 8
"""That a page may wait for a broker, by the settings."""

pytestmark = pytest.mark.django_db


@pytest.fixture
def rings(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The delivery tasks put on their way."""
    cache.clear()
    sent: list[str] = []
    monkeypatch.setattr(tasks.deliver, "apply_async", lambda *_arguments, **options: sent.append("deliver"))
    yield sent
    cache.clear()


def test_many_wakes_are_one_task(rings):
    for _ in range(100):
        enqueue.enqueue_deliveries()

    assert rings == ["deliver"]


def test_once_the_task_has_begun_a_wake_is_heard_again(rings, monkeypatch):
    monkeypatch.setattr(tasks.delivery, "run", lambda **options: enqueue.enqueue_deliveries() or False)
    enqueue.enqueue_deliveries()

    tasks.deliver()

    assert rings == ["deliver", "deliver"]


def test_a_task_whose_time_is_over_hands_over(rings, monkeypatch):
    monkeypatch.setattr(tasks.delivery, "run", lambda **options: True)

    tasks.deliver()

    assert rings == ["deliver"]


def test_a_task_that_found_nothing_rings_nobody(rings, monkeypatch):
    monkeypatch.setattr(tasks.delivery, "run", lambda **options: False)

    tasks.deliver()

    assert rings == []


def test_a_broker_that_is_away_is_nobody_s_error(rings, monkeypatch, caplog):
    def fail(*arguments: object, **options: object) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(tasks.deliver, "apply_async", fail)

    enqueue.enqueue_deliveries()

    assert [record.getMessage() for record in caplog.records] == [
        "Broker unavailable; the periodic task does the work: OperationalError."
    ]


def test_a_cache_that_is_away_is_nobody_s_error(rings, monkeypatch, caplog):
    def fail(*args: object, **options: object) -> None:
        raise CacheConnectionError("away")

    monkeypatch.setattr(enqueue.cache, "add", fail)

    enqueue.enqueue_deliveries()

    assert rings == []
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_a_broker_that_says_nothing_does_not_hold_the_caller_up(settings):
    """As a web process meets it: the connection opens, and no answer ever comes."""
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    with socket.create_server(("127.0.0.1", 0)) as mute:
        mute.setblocking(False)
        port = mute.getsockname()[1]
        app = Celery(broker=f"redis://127.0.0.1:{port}/0", set_as_current=False)
        app.conf.broker_transport_options = options

        with pytest.raises(OperationalError), app:
            app.send_task("notifications.tasks.deliver", retry=False)
        tries = number_waiting(mute)

    assert tries >= 1
    assert tries * (options["socket_connect_timeout"] + options["socket_timeout"]) <= MAX_SECONDS


def number_waiting(listener: socket.socket) -> int:
    """Take the connections that nobody has taken yet; how many there were."""
    count = 0
    with contextlib.suppress(BlockingIOError):
        while True:
            listener.accept()[0].close()
            count += 1
    return count
