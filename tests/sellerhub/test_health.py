"""What a load balancer and a monitor are told, also while a server hangs."""

import threading
from datetime import timedelta
from math import ceil

import pytest
from django.test import Client
from django.utils import timezone

from notifications.models import Heartbeat
from sellerhub.health import pages, parts
from sellerhub.health.timed import Timed
from tests.notifications.delivery.conftest import notification, queue
from tests.waiting import LIMIT_SECONDS

__all__ = ["notification", "queue"]

TOKEN = "a-token-of-32-random-characters."


@pytest.fixture(autouse=True)
def ask_anew(monkeypatch):
    """No answer of a test before is fresh."""
    for name in ("DATABASE", "BROKER", "CACHE"):
        part = getattr(parts, name)
        monkeypatch.setattr(parts, name, Timed(part._question, seconds=LIMIT_SECONDS))
    monkeypatch.setattr(pages, "_PAGE", Timed(pages.page, seconds=LIMIT_SECONDS))


@pytest.fixture
def well(monkeypatch):
    """Every part answers, and nothing waits."""
    for name, answer in (("DATABASE", parts.Background(0, 3)), ("BROKER", True), ("CACHE", True)):
        monkeypatch.setattr(parts, name, Timed(lambda answer=answer: answer, seconds=LIMIT_SECONDS))


def refuse() -> None:
    raise ConnectionRefusedError


def test_the_process_answers(client):
    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db(transaction=True)
def test_all_is_well(client):
    ticked_at = timezone.now() - timedelta(seconds=7)
    Heartbeat.objects.create(name="beat", at=ticked_at)

    response = client.get("/readyz")

    found = response.json()
    assert 7 <= found.pop("last_tick_seconds") <= ceil((timezone.now() - ticked_at).total_seconds())
    assert (response.status_code, found) == (
        200,
        {
            "status": "ok",
            "database": True,
            "broker": True,
            "cache": True,
            "oldest_due_seconds": 0,
            "warnings": [],
        },
    )


@pytest.mark.django_db(transaction=True)
def test_a_late_queue_and_a_silent_beat_are_warnings(client, queue):
    due_at = timezone.now() - timedelta(seconds=120)
    queue("hanako@ok.test", due_at=due_at)
    Heartbeat.objects.create(name="beat", at=timezone.now() - timedelta(seconds=61))

    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json()["warnings"] == ["queue", "beat"]
    assert 120 <= response.json()["oldest_due_seconds"] <= ceil((timezone.now() - due_at).total_seconds())


@pytest.mark.django_db(transaction=True)
def test_a_beat_that_never_ticked_is_told(client):
    response = client.get("/readyz")

    assert response.json()["last_tick_seconds"] is None
    assert response.json()["warnings"] == ["beat"]


@pytest.mark.parametrize("part", ["database", "broker", "cache"])
def test_a_part_that_fails_is_named_and_nothing_else(client, well, monkeypatch, part):
    monkeypatch.setattr(parts, part.upper(), Timed(refuse, seconds=LIMIT_SECONDS))

    response = client.get("/readyz")

    found = response.json()
    assert response.status_code == 503
    assert found["status"] == "failing"
    assert {name for name in ("database", "broker", "cache") if not found[name]} == {part}


def test_a_database_that_hangs_is_told_in_time_and_holds_up_one_thread(client, well, monkeypatch):
    hanging = threading.Event()
    asked = []
    monkeypatch.setattr(parts, "DATABASE", Timed(lambda: asked.append(hanging.wait(LIMIT_SECONDS)), seconds=0.2))
    before = threading.active_count()

    statuses = [client.get("/readyz").status_code for _time in range(3)]

    grown = threading.active_count() - before
    hanging.set()
    assert statuses == [503, 503, 503]
    assert grown <= 1


def test_an_answer_is_good_for_a_while():
    asked = []
    question = Timed(lambda: asked.append(1) or len(asked), seconds=LIMIT_SECONDS, fresh_seconds=3600)

    answers = [question.answer() for _time in range(3)]

    assert answers == [1, 1, 1]


def test_when_it_answers_again_it_is_asked_again():
    answers = iter([refuse, lambda: True])
    question = Timed(lambda: next(answers)(), seconds=LIMIT_SECONDS)

    first = question.answer()

    assert (first, question.answer()) == (None, True)


@pytest.mark.django_db(transaction=True)
def test_whoever_has_the_token_reads_the_metrics(settings):
    settings.METRICS_TOKEN = TOKEN

    with_it = Client(headers={"authorization": f"Bearer {TOKEN}"}).get("/metrics")
    without, wrong = Client().get("/metrics"), Client(headers={"authorization": "Bearer wrong"}).get("/metrics")

    assert with_it.status_code == 200
    assert with_it["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert with_it.content.startswith(b"# HELP sellerhub_")
    assert [(each.status_code, each.content) for each in (without, wrong)] == [(401, b""), (401, b"")]


@pytest.mark.parametrize("said", ["Bearer é", "", "Bearer ", TOKEN, f"Basic {TOKEN}", f"Bearer {TOKEN}x"])
def test_what_is_not_the_token_opens_nothing(settings, said):
    settings.METRICS_TOKEN = TOKEN

    response = Client(headers={"authorization": said}).get("/metrics")

    assert (response.status_code, response.content) == (401, b"")


@pytest.mark.django_db(transaction=True)
def test_without_a_token_they_are_open_on_a_development_machine_alone(client, settings):
    settings.DEVELOPMENT = True
    at_home = client.get("/metrics")
    settings.DEVELOPMENT = False
    in_production = client.get("/metrics")

    assert (at_home.status_code, in_production.status_code) == (200, 404)


def test_metrics_of_a_database_that_fails(client, settings, monkeypatch):
    settings.DEVELOPMENT = True
    monkeypatch.setattr(pages, "_PAGE", Timed(refuse, seconds=LIMIT_SECONDS))

    response = client.get("/metrics")

    assert (response.status_code, response.content) == (503, b"")
