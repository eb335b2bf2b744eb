"""What scripts can ask and do."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from devtools.sandbox.line.faults import MAX_DELAY_MS
from tests.waiting import wait_until


def bubble(*actions: dict) -> dict:
    buttons = [{"type": "button", "action": action} for action in actions]
    body = {"type": "box", "layout": "vertical", "contents": buttons}
    return {"type": "flex", "altText": "1", "contents": {"type": "bubble", "body": body}}


def tap(line, person, **wanted: str):
    answer = line.call("POST", f"/api/line/users/{person.id}/tap", json=wanted)
    assert line.platform.webhooks.wait_until_idle()
    return answer


def test_everybody_and_how_they_stand(line, friend):
    users = line.call("GET", "/api/line/users").json()

    assert [(one["name"], one["language"], one["hears_us"]) for one in users] == [
        ("花子", "ja", True),
        ("太郎", "ja", False),
        ("Mika", "en", False),
        ("Ichiro", "ja", False),
        ("Emma", "en", False),
    ]
    assert users[0]["picture"] == f"{line.url}/line/pictures/{friend.id}.svg"


def test_messages_in_order_by_limit_and_offset(line, friend):
    before = time.time()
    line.push(friend.id, "1", "2")
    line.call("POST", f"/api/line/users/{friend.id}/say", json={"text": "3"})

    everything = line.call("GET", "/api/line/messages")
    part = line.call("GET", f"/api/line/messages?user={friend.id}&limit=1&offset=1").json()

    chat = everything.json()
    assert [(one["from"], one["type"], one["text"]) for one in chat] == [
        ("bot", "text", "1"),
        ("bot", "text", "2"),
        ("user", "text", "3"),
    ]
    assert everything.headers["X-Total-Count"] == "3"
    assert chat[0]["message"] == {"type": "text", "text": "1"}
    assert before <= chat[0]["at"] <= time.time()
    assert part == chat[1:2]


def test_messages_of_one_user_and_their_end(line, friend):
    line.push(friend.id, "1")
    emma = line.person("Emma")

    others = line.call("GET", f"/api/line/messages?user={emma.id}").json()
    cleared = line.call("DELETE", "/api/line/messages").status

    assert (others, cleared) == ([], 204)
    assert line.call("GET", "/api/line/messages").json() == []


def test_tapping_the_newest_button_of_a_label(line, site, friend):
    for data in ("old", "new"):
        line.push(friend.id, bubble({"type": "postback", "label": "連携", "data": data, "displayText": "はい"}))

    answer = tap(line, friend, label="連携")

    assert answer.json()["data"] == "new"
    assert [event["postback"] for event in site.events] == [{"data": "new"}]
    assert line.call("GET", f"/api/line/messages?user={friend.id}").json()[-1]["text"] == "はい"


def test_tapping_a_link_tells_its_address_and_nothing_else(line, site, friend):
    line.push(friend.id, bubble({"type": "uri", "label": "開く", "uri": "https://site.example/1"}))

    assert tap(line, friend, label="開く").json()["uri"] == "https://site.example/1"
    assert site.events == []


def test_tapping_words(line, site, friend):
    line.push(friend.id, bubble({"type": "message", "label": "はい", "text": "はい、お願いします"}))

    tap(line, friend, label="はい")

    assert [event["message"]["text"] for event in site.events] == ["はい、お願いします"]


def test_tapping_a_button_that_is_long_gone(line, site, friend):
    tap(line, friend, data="old")

    assert [event["postback"] for event in site.events] == [{"data": "old"}]


def test_there_is_no_such_button(line, site, friend):
    line.push(friend.id, "連携")

    assert tap(line, friend, label="連携").status == 404
    assert site.events == []


def test_faults_are_laid_over_shown_and_put_right(line):
    line.call("POST", "/api/line/faults", json={"fail": {"push": {"status": 500, "times": 2}}, "consumed": 3})
    line.call("POST", "/api/line/faults", json={"delay_ms": {"reply": 5}})

    shown = line.call("GET", "/api/line/faults").json()
    cleared = line.call("DELETE", "/api/line/faults").status
    afterwards = line.call("GET", "/api/line/faults").json()

    failure = {"status": 500, "times": 2, "accepted": False, "retry_after": None}
    assert (shown["fail"], shown["delay_ms"], shown["consumed"]) == ({"push": failure}, {"reply": 5.0}, 3)
    assert cleared == 204
    assert afterwards == {
        "delay_ms": {},
        "fail": {},
        "monthly_quota": None,
        "consumed": 0,
        "webhooks": {},
        "omit_friendship_change": False,
        "wrong_state": False,
    }


@pytest.mark.parametrize(
    "wanted",
    [
        [],
        1,
        {"fial": {}},
        {"fail": {"psuh": {"status": 500}}},
        {"fail": {"push": {}}},
        {"delay_ms": {"push": "?"}},
    ],
)
def test_faults_that_make_no_sense_change_nothing(line, wanted):
    before = line.call("GET", "/api/line/faults").json()

    answer = line.call("POST", "/api/line/faults", json=wanted)

    assert answer.status == 400
    assert line.call("GET", "/api/line/faults").json() == before


def test_a_slow_endpoint(line, friend):
    faults = line.platform.faults
    faults.lay_over({"delay_ms": {"profile": MAX_DELAY_MS, "info": 1}})

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(line.bot, "GET", f"/v2/bot/profile/{friend.id}")
        wait_until(lambda: faults.held_up == 1, "the call is held up")
        quick = line.bot("GET", "/v2/bot/info").status
        has_answered_early = slow.done()
        faults.clear()

    assert (quick, has_answered_early, slow.result().status) == (200, False, 200)


@pytest.mark.parametrize("seconds", [-1, "600", None, 10**12])
def test_the_clock_goes_forward_only(line, seconds):
    answer = line.call("POST", "/api/line/clock", json={"advance_seconds": seconds})

    assert answer.status == 400
    assert line.platform.now() <= time.time()


def test_the_clock_is_put_forward(line):
    before = time.time()

    now = line.call("POST", "/api/line/clock", json={"advance_seconds": 3600}).json()["now"]

    assert before + 3600 <= now <= time.time() + 3600


def test_everything_from_the_start(line, friend):
    line.push(friend.id, "1")
    line.platform.faults.lay_over({"wrong_state": True})

    line.call("POST", "/api/line/reset")

    assert line.call("GET", "/api/line/messages").json() == []
    assert not any(one["hears_us"] for one in line.call("GET", "/api/line/users").json())
    assert line.platform.faults.wrong_state is False


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/line/users/{id}/say", b"["),
        ("/api/line/users/{id}/tap", b"[]"),
        ("/api/line/webhooks/raw", b"{}"),
        ("/api/line/webhooks/raw", b'{"events": [1]}'),
        ("/api/line/authorize", b"1"),
    ],
)
def test_what_is_no_json_is_refused(line, site, friend, path, body):
    answer = line.call("POST", path.format(id=friend.id), body=body)

    assert answer.status == 400
    assert site.events == []
