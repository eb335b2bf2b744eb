"""LINE Login 2.1, from the page to the tokens and their end."""

import hmac
import json
from base64 import urlsafe_b64decode

import pytest

from devtools.sandbox.line import channels
from tests.devtools.sandbox.line.conftest import CALLBACK, query_of


def test_the_whole_way(line):
    person = line.person()
    page = line.call("GET", line.authorize_path())

    back = line.decide(user=person.id, agree="yes")
    tokens = line.exchange(query_of(back.headers["Location"])["code"]).json()
    profile = line.call("GET", "/v2/profile", headers={"Authorization": f"Bearer {tokens['access_token']}"}).json()

    assert page.status == 200
    assert "花子" in page.data.decode()
    assert "form-action 'self' https://site.example;" in page.headers["Content-Security-Policy"]
    assert (back.status, back.headers["Location"].split("?")[0]) == (302, CALLBACK)
    assert query_of(back.headers["Location"])["state"] == "the-state"
    assert f"line_user={person.id};" in back.headers["Set-Cookie"]
    assert (tokens["token_type"], tokens["scope"], tokens["expires_in"]) == ("Bearer", "profile openid", 2_592_000)
    assert profile == {
        "userId": person.id,
        "displayName": "花子",
        "pictureUrl": f"{line.url}/line/pictures/{person.id}.svg",
    }


def test_the_id_token_is_signed_with_the_channel_secret(line):
    person = line.person()

    head, body, signature = line.exchange(line.code(person)).json()["id_token"].split(".")

    def unpacked(text: str) -> bytes:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))

    expected = hmac.digest(channels.LOGIN_CHANNEL_SECRET.encode(), f"{head}.{body}".encode(), "sha256")
    claims = json.loads(unpacked(body))
    assert json.loads(unpacked(head)) == {"typ": "JWT", "alg": "HS256"}
    assert unpacked(signature) == expected
    assert claims.pop("exp") - claims.pop("iat") == 3600
    assert claims == {
        "iss": "https://access.line.me",
        "sub": person.id,
        "aud": channels.LOGIN_CHANNEL_ID,
        "nonce": "the-nonce",
        "amr": ["linesso"],
        "name": "花子",
        "picture": f"{line.url}/line/pictures/{person.id}.svg",
    }


@pytest.mark.parametrize(
    "change",
    [
        {"client_id": "2000000009"},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": f"{CALLBACK}?more=1"},
        {"redirect_uri": None},
        {"response_type": "token"},
        {"state": None},
        {"scope": None},
        {"scope": "everything"},
        {"code_challenge_method": "plain"},
        {"code_challenge": "short"},
        {"code_challenge": None},
    ],
)
def test_a_wrong_request_shows_an_error_and_leads_nowhere(line, change):
    answer = line.call("GET", line.authorize_path(**change))

    assert answer.status == 400
    assert "Location" not in answer.headers
    assert "<form" not in answer.data.decode()


def test_cancel_comes_in_upper_case(line):
    back = line.decide(user=line.person().id, cancel="yes")

    assert query_of(back.headers["Location"]) == {
        "error": "ACCESS_DENIED",
        "error_description": "The resource owner denied the request.",
        "state": "the-state",
    }


def test_adding_a_friend_is_told_in_the_callback_and_by_an_event(line, site):
    person = line.person()

    back = line.decide(user=person.id, agree="yes", friend="on")
    line.platform.webhooks.wait_until_idle()

    assert query_of(back.headers["Location"])["friendship_status_changed"] == "true"
    assert [event["type"] for event in site.events] == ["follow"]
    assert person.hears_us


def test_a_friend_already_changes_nothing(line, site, friend):
    back = line.decide(user=friend.id, agree="yes", friend="on")

    assert "friendship_status_changed" not in back.headers["Location"]
    assert line.platform.webhooks.wait_until_idle()
    assert site.events == []


def test_the_callback_may_be_silent_about_the_friendship(line):
    line.platform.faults.lay_over({"omit_friendship_change": True})

    back = line.decide(user=line.person().id, agree="yes", friend="on")

    assert "friendship_status_changed" not in back.headers["Location"]


def test_an_automatic_sign_in_elsewhere_brings_another_state(line):
    line.platform.faults.lay_over({"wrong_state": True})

    back = line.decide(user=line.person().id, agree="yes")

    assert query_of(back.headers["Location"])["state"] != "the-state"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"client_secret": "0" * 32}, "invalid_client"),
        ({"client_id": channels.MESSAGING_CHANNEL_ID}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"code": "another"}, "invalid_grant"),
        ({"redirect_uri": "https://site.example/"}, "invalid_grant"),
        ({"code_verifier": "w" * 43}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
    ],
)
def test_a_code_is_worth_nothing_without_the_rest(line, change, error):
    answer = line.exchange(line.code(line.person()), **change)

    assert answer.status == 400
    assert answer.json()["error"] == error
    assert "access_token" not in answer.json()


def test_a_code_works_once(line):
    code = line.code(line.person())

    statuses = [line.exchange(code).status, line.exchange(code).status]

    assert statuses == [200, 400]


def test_a_code_lives_for_ten_minutes(line):
    early, late = line.code(line.person()), line.code(line.person())

    line.platform.advance(599)
    in_time = line.exchange(early).status
    line.platform.advance(2)
    too_late = line.exchange(late)

    assert (in_time, too_late.status) == (200, 400)
    assert too_late.json() == {"error": "invalid_grant", "error_description": "invalid authorization code"}


def test_a_refresh_token_gives_a_new_access_token(line):
    first = line.exchange(line.code(line.person())).json()

    line.platform.advance(31 * 24 * 3600)
    second = line.exchange("", grant_type="refresh_token", refresh_token=first["refresh_token"]).json()

    def status_of(token: str) -> int:
        return line.call("GET", "/v2/profile", headers={"Authorization": f"Bearer {token}"}).status

    assert (status_of(first["access_token"]), status_of(second["access_token"])) == (401, 200)


def verified(line, token: str, **fields: str):
    return line.form("/oauth2/v2.1/verify", id_token=token, **{"client_id": channels.LOGIN_CHANNEL_ID, **fields})


def test_line_verifies_an_id_token(line):
    token = line.exchange(line.code(line.person())).json()["id_token"]

    right = verified(line, token, nonce="the-nonce")
    refusals = [
        verified(line, token, nonce="another").json()["error_description"],
        verified(line, token, client_id=channels.MESSAGING_CHANNEL_ID).json()["error_description"],
        verified(line, token, user_id=line.person("Emma").id).json()["error_description"],
        verified(line, f"{token}x").json()["error_description"],
    ]
    line.platform.advance(3601)
    refusals.append(verified(line, token).json()["error_description"])

    assert (right.status, right.json()["sub"]) == (200, line.person().id)
    assert refusals == [
        "Invalid IdToken Nonce.",
        "Invalid IdToken Audience.",
        "Invalid IdToken Subject Identifier.",
        "Invalid IdToken.",
        "IdToken expired.",
    ]


def test_an_access_token_is_verified_until_it_is_revoked(line):
    token = line.exchange(line.code(line.person())).json()["access_token"]
    path = f"/oauth2/v2.1/verify?access_token={token}"

    before = line.call("GET", path)
    line.form(
        "/oauth2/v2.1/revoke",
        access_token=token,
        client_id=channels.LOGIN_CHANNEL_ID,
        client_secret=channels.LOGIN_CHANNEL_SECRET,
    )
    after = line.call("GET", path)

    assert (before.status, before.json()["client_id"]) == (200, channels.LOGIN_CHANNEL_ID)
    assert (after.status, after.json()["error"]) == (400, "invalid_request")


def test_the_friendship_is_true_only_for_who_hears_us(line):
    person = line.person()
    token = line.exchange(line.code(person)).json()["access_token"]
    flags = []
    for act in (lambda _person: None, line.platform.follow, line.platform.block, line.platform.follow):
        act(person)
        answer = line.call("GET", "/friendship/v1/status", headers={"Authorization": f"Bearer {token}"})
        flags.append(answer.json()["friendFlag"])

    assert flags == [False, True, False, True]


def deauthorize(line, token: str, channel: str = channels.LOGIN_CHANNEL_ID):
    headers = {"Authorization": f"Bearer {line.channel_token(channel)}"}
    return line.call("POST", "/user/v1/deauthorize", json={"userAccessToken": token}, headers=headers)


def test_deauthorize_ends_every_token_of_the_user(line):
    tokens = line.exchange(line.code(line.person())).json()

    first, again = deauthorize(line, tokens["access_token"]), deauthorize(line, tokens["access_token"])
    refreshed = line.exchange("", grant_type="refresh_token", refresh_token=tokens["refresh_token"])

    assert first.status == 204
    assert (again.status, again.json()) == (400, {"message": "invalid token"})
    assert refreshed.status == 400


def test_deauthorize_takes_only_a_token_of_the_login_channel(line):
    token = line.exchange(line.code(line.person())).json()["access_token"]

    answer = deauthorize(line, token, channels.MESSAGING_CHANNEL_ID)

    assert answer.status == 401
    assert line.call("GET", f"/oauth2/v2.1/verify?access_token={token}").status == 200


@pytest.mark.parametrize("endpoint", ["token", "verify", "friendship", "deauthorize"])
def test_every_endpoint_can_be_out_of_order_as_often_as_asked(line, endpoint):
    tokens = line.exchange(line.code(line.person())).json()
    calls = {
        "token": lambda: line.exchange(line.code(line.person())),
        "verify": lambda: verified(line, tokens["id_token"]),
        "friendship": lambda: line.call(
            "GET", "/friendship/v1/status", headers={"Authorization": f"Bearer {tokens['access_token']}"}
        ),
        "deauthorize": lambda: deauthorize(line, tokens["access_token"]),
    }
    line.platform.faults.lay_over({"fail": {endpoint: {"status": 503, "times": 2}}})

    statuses = [calls[endpoint]().status for _ in range(3)]

    assert statuses[:2] == [503, 503]
    assert statuses[2] in (200, 204)


def test_scripts_answer_without_a_browser(line):
    person = line.person()
    url = f"{line.url}{line.authorize_path()}"

    agreed = line.call("POST", "/api/line/authorize", json={"url": url, "user": person.id, "add_friend": True})
    denied = line.call("POST", "/api/line/authorize", json={"url": url, "agree": False})
    wrong = line.call("POST", "/api/line/authorize", json={"url": url.replace("the-state", "")})

    assert set(query_of(agreed.json()["redirect"])) == {"code", "state", "friendship_status_changed"}
    assert query_of(denied.json()["redirect"])["error"] == "ACCESS_DENIED"
    assert wrong.status == 400
