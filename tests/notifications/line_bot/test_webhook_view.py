"""LINE's door, and what is worked off behind it."""

import json
from base64 import b64encode
from hmac import digest

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from notifications import line_bot, tasks
from notifications.channels.line.webhook import MAX_BODY_BYTES
from notifications.models import LineEvent, LineUser
from notifications.queue import enqueue

pytestmark = pytest.mark.django_db

URL = "/line/webhook/"
USER = "U" + "1" * 32


def event(number: int = 1, kind: str = "unfollow", **more) -> dict:
    return {
        "webhookEventId": f"01{number:024}",
        "type": kind,
        "mode": "active",
        "timestamp": 1_764_000_000_000 + number,
        "source": {"type": "user", "userId": USER},
        "deliveryContext": {"isRedelivery": False},
    } | more


@pytest.fixture
def post(client: Client, settings):
    """`post(events)`: as LINE does."""

    def send(body, *, secret: str = settings.LINE.channel_secret, **headers):
        raw = body if isinstance(body, bytes) else json.dumps({"destination": "U", "events": body}).encode()
        signature = b64encode(digest(secret.encode(), raw, "sha256")).decode()
        headers = {"x-line-signature": signature} | headers
        return client.post(URL, raw, content_type="application/json", headers=headers)

    return send


def test_events_are_stored_once_each_and_answered_with_200(post):
    answers = [post([event(1), event(2)]), post([event(2), event(3)]), post([])]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert sorted(LineEvent.objects.values_list("pk", flat=True)) == [f"01{number:024}" for number in (1, 2, 3)]


@pytest.mark.parametrize("signature", ["", "wrong", "Ａ", None])
def test_what_line_did_not_sign_is_refused_before_anything_is_read(client, signature):
    headers = {} if signature is None else {"x-line-signature": signature}

    answer = client.post(URL, b'{"events": [', content_type="application/json", headers=headers)

    assert answer.status_code == 403
    assert not LineEvent.objects.exists()


def test_while_the_secret_is_changed_the_former_one_counts_too(post, settings):
    from dataclasses import replace

    old = settings.LINE.channel_secret
    settings.LINE = replace(settings.LINE, channel_secret="f" * 32, former_channel_secret=old)

    assert [post([event(1)], secret=secret).status_code for secret in ("f" * 32, old, "0" * 32)] == [200, 200, 403]


def test_a_huge_body_is_refused_unread(client):
    answer = client.post(URL, b"x" * (MAX_BODY_BYTES + 1), content_type="application/json")

    assert answer.status_code == 413


def test_a_body_whose_length_nobody_says_is_refused(client):
    answer = client.post(URL, b"", content_type="application/json", headers={"Content-Length": "many"})

    assert answer.status_code == 413


@pytest.mark.parametrize("body", [b"no json", b"[]", b'{"events": 7}'])
def test_what_is_signed_and_yet_no_list_of_events_is_400(post, body):
    assert post(body).status_code == 400
    assert not LineEvent.objects.exists()


def test_only_posts(client):
    assert client.get(URL).status_code == 405


def test_without_line_there_is_no_door(client, settings):
    settings.LINE = None

    assert client.post(URL, b"{}", content_type="application/json").status_code == 404


def test_odd_contents_are_kept_and_skipped(post):
    odd = [
        event(1, "unheardOf", news={"deep": [1, 2]}),
        event(2, "message", message={"type": "text", "text": "nul \0 and half \ud800"}, source={"type": "group"}),
        event(3, "postback", postback={"data": "nul \0"}, source={}),
        {"type": None},
    ]

    answer = post(odd)
    tasks.work_line()

    assert answer.status_code == 200
    assert LineEvent.objects.count() == 4
    assert not LineEvent.objects.exclude(due_at=None).exists()
    assert LineEvent.objects.get(pk=f"01{1:024}").outcome == "skipped"


def test_a_sweep_finds_what_nobody_rang_for(post, monkeypatch):
    monkeypatch.setattr(enqueue, "enqueue_line_events", lambda: None)
    post([event(1)])

    tasks.work_line()

    done = LineEvent.objects.get()
    assert (done.due_at, done.outcome) == (None, "blocked")
    assert LineUser.objects.get(pk=USER).unfollowed_at == done.at


def test_a_worker_killed_in_between_leaves_the_event_to_the_next(post, monkeypatch):
    from notifications.line_bot import events

    post([event(1)])

    def die(row) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(events, "act", die)
        with pytest.raises(KeyboardInterrupt):
            line_bot.work_off_events()
    line_bot.work_off_events()
    at_once = LineEvent.objects.get().outcome
    LineEvent.objects.update(due_at=timezone.now())
    line_bot.work_off_events()

    assert (at_once, LineEvent.objects.get().outcome) == ("", "blocked")


def test_an_event_that_cannot_be_worked_off_stops_no_other_and_is_given_up(post, monkeypatch):
    from notifications.line_bot import handlers

    def fail(row) -> str:
        raise RuntimeError("broken")

    monkeypatch.setitem(handlers._ACTS, "follow", fail)
    post([event(1, "follow"), event(2, "unfollow")])

    for _ in range(6):
        line_bot.work_off_events()
        LineEvent.objects.exclude(due_at=None).update(due_at=timezone.now())

    outcomes = list(LineEvent.objects.order_by("pk").values_list("outcome", "tries", "due_at"))
    assert outcomes == [("error", 5, None), ("blocked", 1, None)]


def test_when_it_is_done_its_secrets_are_forgotten(post):
    post([event(1, "accountLink", replyToken="r" * 20, link={"result": "failed", "nonce": "n" * 20})])

    tasks.work_line()

    row = LineEvent.objects.get()
    assert row.outcome == "unknown"
    assert set(row.payload) & {"replyToken", "link"} == set()


def test_old_events_go(post):
    post([event(1), event(2)])
    tasks.work_line()
    LineEvent.objects.filter(pk=f"01{1:024}").update(received_at="2020-01-01T00:00Z")

    assert line_bot.purge_events() == 1
    assert LineEvent.objects.count() == 1


def test_nobody_needs_a_token_of_the_site(settings):
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(reverse("notifications:line_webhook"), b"{}", content_type="x/y").status_code == 403
