"""Is it from LINE, and what does it say."""

import json

import pytest

from notifications.channels.line import webhook

SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"
BODY = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'
SIGNATURE = "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="


def test_line_s_own_example_is_signed():
    assert webhook.is_signed(BODY, SIGNATURE, [SECRET]) is True


@pytest.mark.parametrize(
    ("body", "signature", "secrets"),
    [
        (BODY + b" ", SIGNATURE, [SECRET]),
        (BODY, SIGNATURE[:-2] + "A=", [SECRET]),
        (BODY, "", [SECRET]),
        (BODY, "ＡＢＣ", [SECRET]),
        (BODY, SIGNATURE, ["0" * 32]),
        (BODY, SIGNATURE, []),
    ],
)
def test_anything_else_is_not(body, signature, secrets):
    assert webhook.is_signed(body, signature, secrets) is False


@pytest.mark.parametrize("secrets", [[SECRET, "new"], ["new", SECRET]])
def test_while_the_secret_changes_both_count(secrets):
    assert webhook.is_signed(BODY, SIGNATURE, secrets) is True


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"{}", b'{"events": {}}', b"\xff", b'{"events": 1}', b"[" * 100_000]
)
def test_what_is_no_list_of_events_is_refused(body):
    with pytest.raises(webhook.NotAnEventListError):
        webhook.read(body)


def test_an_event_loses_what_was_written_to_us_and_the_nonce():
    raw = {
        "webhookEventId": "01H",
        "type": "message",
        "timestamp": 1_700_000_000_000,
        "source": {"type": "user", "userId": "U1"},
        "message": {"type": "text", "id": "1", "text": "my secret"},
        "link": {"result": "ok", "nonce": "n" * 20},
    }

    [event] = webhook.read(json.dumps({"events": [raw]}).encode())

    assert (event.id, event.type, event.user_id) == ("01H", "message", "U1")
    assert event.at.isoformat() == "2023-11-14T22:13:20+00:00"
    assert event.payload["message"] == {"type": "text"}
    assert event.payload["link"] == {"result": "ok", "nonce": webhook.nonce_hash("n" * 20)}
    assert "my secret" not in json.dumps(event.payload)


def test_odd_events_are_kept_as_far_as_they_can_be_read():
    odd = [{"type": 7}, "text", None, {"webhookEventId": 5, "type": "new-kind", "source": "x", "timestamp": "y"}]

    events = webhook.read(json.dumps({"events": odd}).encode())

    assert [(event.type, event.user_id) for event in events] == [("7", ""), ("new-kind", "")]
    assert len({event.id for event in events}) == 2


def test_an_event_without_an_id_is_known_by_its_bytes():
    body = json.dumps({"events": [{"type": "follow", "timestamp": 1}]}).encode()

    [first], [second] = webhook.read(body), webhook.read(body)

    assert first.id == second.id != ""


def test_a_group_is_no_person():
    body = json.dumps({"events": [{"type": "join", "source": {"type": "group", "userId": "U1"}}]}).encode()

    [event] = webhook.read(body)

    assert event.user_id == ""
