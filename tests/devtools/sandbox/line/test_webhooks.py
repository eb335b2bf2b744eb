"""Events on their way: signed, again when they are not taken, twice and in the wrong order when asked for."""

import json
import re
import time

import pytest

from devtools.sandbox.line.channels import BOT_USER_ID, MESSAGING_CHANNEL_SECRET
from devtools.sandbox.line.webhooks import event_id, signature


def say(line, person, *texts: str) -> None:
    for text in texts:
        line.platform.say(person, {"type": "text", "text": text})
    assert line.platform.webhooks.wait_until_idle()


def texts(site) -> list[str]:
    return [event["message"]["text"] for event in site.events]


def test_the_test_vector_of_line():
    body = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'

    assert signature(body, "8c570fa6dd201bb328f1c1eac23a96d8") == "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="


def test_an_event_is_signed_and_framed(line, site, friend):
    before = time.time()
    say(line, friend, "こんにちは")

    [request] = site.requests
    [event] = site.events
    assert request.headers["x-line-signature"] == signature(request.body, MESSAGING_CHANNEL_SECRET)
    assert json.loads(request.body)["destination"] == BOT_USER_ID
    assert re.fullmatch("[0-7][0-9A-HJKMNP-TV-Z]{25}", event.pop("webhookEventId"))
    assert int(before * 1000) <= event.pop("timestamp") <= time.time() * 1000
    assert event.pop("replyToken")
    assert event["message"].pop("id")
    assert event["message"].pop("quoteToken")
    assert event == {
        "type": "message",
        "mode": "active",
        "source": {"type": "user", "userId": friend.id},
        "deliveryContext": {"isRedelivery": False},
        "message": {"type": "text", "text": "こんにちは"},
    }


def test_ids_of_events_sort_by_their_time():
    assert event_id(1_700_000_000) < event_id(1_700_000_001)


def test_what_is_not_taken_comes_again(line, site, friend):
    site.statuses = [500, 404]

    say(line, friend, "1")

    assert len({event["webhookEventId"] for event in site.events}) == 1
    assert [event["deliveryContext"]["isRedelivery"] for event in site.events] == [False, True, True]
    assert [one["status"] for one in line.call("GET", "/api/line/webhooks").json()[-3:]] == [500, 404, 200]


def test_it_is_given_up_in_the_end(line, site, friend):
    site.statuses = [503] * 9

    say(line, friend, "1")

    assert len(site.requests) == 5
    assert [one["tries"] for one in line.call("GET", "/api/line/webhooks").json()[-5:]] == [1, 2, 3, 4, 5]


def test_nobody_at_the_address(line, site, friend):
    line.platform.webhook_url = "http://127.0.0.1:9/"

    say(line, friend, "1")

    assert line.call("GET", "/api/line/webhooks").json()[-1]["status"] == 0


def test_twice(line, site, friend):
    line.platform.faults.lay_over({"webhooks": {"duplicate": True}})

    say(line, friend, "1")

    assert texts(site) == ["1", "1"]
    assert len({event["webhookEventId"] for event in site.events}) == 1


def test_never(line, site, friend):
    line.platform.faults.lay_over({"webhooks": {"drop": True}})

    say(line, friend, "1")

    assert site.events == []


def test_held_and_turned_round(line, site, friend):
    line.platform.faults.lay_over({"webhooks": {"hold": True}})
    say(line, friend, "1", "2", "3")
    before = texts(site)

    answer = line.call("POST", "/api/line/webhooks/release", json={"reversed": True})
    say(line, friend, "4")

    assert (before, answer.json()) == ([], {"released": 3})
    assert texts(site) == ["3", "2", "1", "4"]


def test_the_wrong_way_round_as_soon_as_there_are_enough(line, site, friend):
    line.platform.faults.lay_over({"webhooks": {"reorder": 3}})

    say(line, friend, "1", "2")
    before = texts(site)
    say(line, friend, "3", "4")

    assert (before, texts(site)) == ([], ["3", "2", "1"])


def test_with_another_signature(line, site, friend):
    line.platform.faults.lay_over({"webhooks": {"bad_signature": True}})

    say(line, friend, "1")

    [request] = site.requests
    assert request.headers["x-line-signature"] != signature(request.body)


def test_friendship_is_told(line, site):
    person = line.person()

    for act in ("follow", "follow", "block", "block", "unblock"):
        line.call("POST", f"/api/line/users/{person.id}/{act}")
    line.platform.webhooks.wait_until_idle()

    told = [(event["type"], event.get("follow"), "replyToken" in event) for event in site.events]
    assert told == [
        ("follow", {"isUnblocked": False}, True),
        ("unfollow", None, False),
        ("follow", {"isUnblocked": True}, True),
    ]


def test_who_does_not_hear_us_is_not_heard(line, site):
    say(line, line.person(), "1")

    assert site.events == []


@pytest.mark.parametrize(
    ("said", "type_"),
    [
        ({"type": "sticker"}, "sticker"),
        ({"type": "image"}, "image"),
        ({"type": "hologram", "depth": 3}, "hologram"),
    ],
)
def test_other_kinds_of_messages(line, site, friend, said, type_):
    line.call("POST", f"/api/line/users/{friend.id}/say", json=said)
    line.platform.webhooks.wait_until_idle()

    assert [event["message"]["type"] for event in site.events] == [type_]


def test_any_events_at_all(line, site):
    events = [{"type": "thing", "mode": "standby", "timestamp": 5}, {"webhookEventId": "1"}]

    answer = line.call("POST", "/api/line/webhooks/raw", json={"events": events})
    line.platform.webhooks.wait_until_idle()

    assert answer.status == 200
    assert len(site.requests) == 1
    assert [(event.get("type"), event.get("mode")) for event in site.events] == [
        ("thing", "standby"),
        (None, None),
    ]
    assert (site.events[0]["timestamp"], site.events[1]["webhookEventId"]) == (5, "1")
    assert site.requests[0].headers["x-line-signature"] == signature(site.requests[0].body)
