"""The Messaging API as LINE's own SDK meets it, and by hand where the SDK hides something."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from linebot.v3.messaging import ApiClient, Configuration, MessagingApi
from linebot.v3.messaging.exceptions import ApiException
from linebot.v3.messaging.models import PushMessageRequest, TextMessage

from devtools.sandbox.line import channels

KEY = "123e4567-e89b-12d3-a456-426614174000"


@pytest.fixture
def api(line):
    client = ApiClient(Configuration(host=line.url, access_token=line.channel_token()))
    yield MessagingApi(client)
    client.rest_client.pool_manager.clear()


def test_the_sdk_pushes_and_gets_the_same_answer_by_the_same_key(line, friend, api):
    request = PushMessageRequest(to=friend.id, messages=[TextMessage(text="こんにちは")])

    first = api.push_message_with_http_info(request, KEY)
    with pytest.raises(ApiException) as again:
        api.push_message_with_http_info(request, KEY)

    body = json.loads(again.value.body)
    assert first.status_code == 200
    assert again.value.status == 409
    assert again.value.headers["x-line-accepted-request-id"] == first.headers["x-line-request-id"]
    assert again.value.headers["x-line-request-id"] != first.headers["x-line-request-id"]
    assert body["message"] == "The retry key is already accepted"
    assert [one["id"] for one in body["sentMessages"]] == [one.id for one in first.data.sent_messages]
    assert line.received(friend) == ["こんにちは"]


def test_the_sdk_reads_the_account_the_profile_and_the_quota(line, friend, api):
    line.platform.faults.lay_over({"monthly_quota": 200, "consumed": 3})

    account, profile = api.get_bot_info(), api.get_profile(friend.id)
    quota, used = api.get_message_quota(), api.get_message_quota_consumption()

    assert (account.user_id, account.basic_id) == (channels.BOT_USER_ID, "@sellerhub")
    assert (profile.display_name, profile.language) == ("花子", "ja")
    assert (quota.type, quota.value, used.total_usage) == ("limited", 200, 3)


def test_without_a_quota_there_is_no_limit(line):
    assert line.bot("GET", "/v2/bot/message/quota").json() == {"type": "none"}


def test_of_many_at_once_with_one_key_one_is_taken(line, friend):
    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(lambda _: line.push(friend.id, "1", **{"X-Line-Retry-Key": KEY}).status, range(16)))

    assert sorted(statuses) == [200, *[409] * 15]
    assert line.received(friend) == ["1"]


def test_a_key_is_forgotten_after_a_day(line, friend):
    statuses = [line.push(friend.id, "1", **{"X-Line-Retry-Key": KEY}).status]
    line.platform.advance(24 * 3600 - 60)
    statuses.append(line.push(friend.id, "1", **{"X-Line-Retry-Key": KEY}).status)
    line.platform.advance(120)
    statuses.append(line.push(friend.id, "1", **{"X-Line-Retry-Key": KEY}).status)

    assert statuses == [200, 409, 200]
    assert line.received(friend) == ["1", "1"]


@pytest.mark.parametrize("key", ["1", "123e4567e89b12d3a456426614174000", f"{{{KEY}}}", f"{KEY}0"])
def test_a_key_is_a_uuid_with_dashes(line, friend, key):
    answer = line.push(friend.id, "1", **{"X-Line-Retry-Key": key})

    assert (answer.status, answer.json()["message"]) == (400, "The retry key is invalid")
    assert line.received(friend) == []


def test_a_refused_request_does_not_use_up_its_key(line, friend):
    refused = line.push(friend.id, "", **{"X-Line-Retry-Key": KEY})
    accepted = line.push(friend.id, "1", **{"X-Line-Retry-Key": KEY})

    assert (refused.status, accepted.status) == (400, 200)


@pytest.mark.parametrize("standing", ["no friend", "blocked"])
def test_who_does_not_hear_us_looks_like_everybody_but_gets_nothing(line, standing):
    person = line.person()
    if standing == "blocked":
        line.platform.follow(person)
        line.platform.block(person)

    answer = line.push(person.id, "1", "2")

    assert answer.status == 200
    assert [set(one) for one in answer.json()["sentMessages"]] == [{"id", "quoteToken"}] * 2
    assert line.received(person) == []
    assert line.bot("GET", "/v2/bot/message/quota/consumption").json() == {"totalUsage": 0}
    assert line.bot("GET", f"/v2/bot/profile/{person.id}").status == 404


def test_an_unknown_user_is_refused(line):
    answer = line.push("U" + "0" * 32, "1")

    assert answer.status == 400
    assert answer.json() == {"message": "The property, 'to', in the request body is invalid (line: -, column: -)"}


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer another", "Basic {token}"])
def test_without_a_token_of_the_channel_there_is_401(line, friend, token):
    headers = {"Authorization": token.format(token=line.channel_token())}
    body = {"to": friend.id, "messages": [{"type": "text", "text": "1"}]}

    answer = line.call("POST", "/v2/bot/message/push", json=body, headers=headers)

    assert answer.status == 401
    assert answer.json()["message"].startswith("Authentication failed due to the following reason: ")
    assert line.received(friend) == []


def test_a_token_of_the_login_channel_does_not_push(line, friend):
    headers = {"Authorization": f"Bearer {line.channel_token(channels.LOGIN_CHANNEL_ID)}"}

    answer = line.call("POST", "/v2/bot/message/push", json={"to": friend.id}, headers=headers)

    assert answer.status == 401


def test_stateless_tokens_live_for_15_minutes_short_lived_ones_for_30_days(line):
    secrets = {
        "grant_type": "client_credentials",
        "client_id": channels.MESSAGING_CHANNEL_ID,
        "client_secret": channels.MESSAGING_CHANNEL_SECRET,
    }
    stateless = line.form("/oauth2/v3/token", **secrets).json()
    short_lived = line.form("/v2/oauth/accessToken", **secrets).json()

    line.platform.advance(901)

    def status_of(token: str) -> int:
        return line.call("GET", "/v2/bot/info", headers={"Authorization": f"Bearer {token}"}).status

    assert (stateless["expires_in"], short_lived["expires_in"]) == (900, 2_592_000)
    assert (status_of(stateless["access_token"]), status_of(short_lived["access_token"])) == (401, 200)


def test_a_wrong_secret_gets_no_channel_token(line):
    answer = line.form(
        "/oauth2/v3/token",
        grant_type="client_credentials",
        client_id=channels.MESSAGING_CHANNEL_ID,
        client_secret=channels.LOGIN_CHANNEL_SECRET,
    )

    assert (answer.status, answer.json()["error"]) == (400, "invalid_client")


def test_the_quota_ends(line, friend):
    line.platform.faults.lay_over({"monthly_quota": 2})

    statuses = [line.push(friend.id, "1", "2", "3").status, line.push(friend.id, "4").status]
    over = line.push(friend.id, "5", **{"X-Line-Retry-Key": KEY})
    line.platform.faults.lay_over({"monthly_quota": None})
    later = line.push(friend.id, "5", **{"X-Line-Retry-Key": KEY})

    assert statuses == [200, 200]
    assert (over.status, over.json()) == (429, {"message": "You have reached your monthly limit."})
    assert later.status == 200
    assert line.received(friend) == ["1", "2", "3", "4", "5"]


def test_multicast_counts_and_reaches_those_who_hear_us(line, friend):
    emma = line.person("Emma")

    answer = line.bot(
        "POST",
        "/v2/bot/message/multicast",
        {"to": [friend.id, emma.id, friend.id], "messages": [{"type": "text", "text": "1"}]},
        **{"X-Line-Retry-Key": KEY},
    )

    assert (answer.status, answer.json()) == (200, {})
    assert (line.received(friend), line.received(emma)) == (["1"], [])
    assert line.platform.faults.consumed == 1


def reply(line, token: str, text: str = "1", **headers: str):
    body = {"replyToken": token, "messages": [{"type": "text", "text": text}]}
    return line.bot("POST", "/v2/bot/message/reply", body, **headers)


def reply_token(line, site, person) -> str:
    line.platform.say(person, {"type": "text", "text": "?"})
    assert line.platform.webhooks.wait_until_idle()
    return site.events[-1]["replyToken"]


def test_a_reply_token_works_once(line, site, friend):
    token = reply_token(line, site, friend)

    first, again = reply(line, token), reply(line, token)

    assert (first.status, len(first.json()["sentMessages"])) == (200, 1)
    assert (again.status, again.json()) == (400, {"message": "Invalid reply token"})
    assert line.received(friend) == ["1"]
    assert line.platform.faults.consumed == 0


def test_a_reply_token_lives_for_a_minute(line, site, friend):
    token = reply_token(line, site, friend)

    line.platform.advance(61)

    assert reply(line, token).status == 400
    assert line.received(friend) == []


def test_a_reply_takes_no_retry_key(line, site, friend):
    token = reply_token(line, site, friend)

    refused = reply(line, token, **{"X-Line-Retry-Key": KEY})

    assert refused.status == 400
    assert reply(line, token).status == 200


def test_validating_sends_nothing(line, friend):
    right = line.bot("POST", "/v2/bot/message/validate/push", {"messages": [{"type": "text", "text": "1"}]})
    wrong = line.bot("POST", "/v2/bot/message/validate/reply", {"messages": [{"type": "text", "text": ""}]})

    assert (right.status, wrong.status) == (200, 400)
    assert line.received(friend) == []


def test_a_500_after_which_it_did_arrive_answers_409_to_the_same_key(line, friend):
    line.platform.faults.lay_over({"fail": {"push": {"status": 500, "times": 1, "accepted": True}}})

    statuses = [line.push(friend.id, "1", **{"X-Line-Retry-Key": KEY}).status for _ in range(2)]

    assert statuses == [500, 409]
    assert line.received(friend) == ["1"]


def test_a_500_after_which_it_did_not_arrive_takes_the_same_key(line, friend):
    line.platform.faults.lay_over({"fail": {"endpoint": "push", "status": 500, "times": 1}})

    statuses = [line.push(friend.id, "1", **{"X-Line-Retry-Key": KEY}).status for _ in range(2)]

    assert statuses == [500, 200]
    assert line.received(friend) == ["1"]


def test_a_rate_limit_says_when_to_come_back(line, friend):
    line.platform.faults.lay_over({"fail": {"push": {"status": 429, "retry_after": 7}}})

    answer = line.push(friend.id, "1")

    assert (answer.status, answer.headers["Retry-After"]) == (429, "7")
    assert answer.json()["message"] == "The API rate limit has been exceeded. Try again later."


def test_no_answer_although_it_arrived(line, friend):
    line.platform.faults.lay_over({"fail": {"push": {"status": 0, "accepted": True}}})

    with pytest.raises(Exception, match="Remote end closed connection"):
        line.push(friend.id, "1", **{"X-Line-Retry-Key": KEY})

    assert line.received(friend) == ["1"]
    assert line.push(friend.id, "1", **{"X-Line-Retry-Key": KEY}).status == 409


def test_channel_tokens_can_be_revoked(line, friend):
    token = line.channel_token()

    line.call("POST", "/api/line/faults", json={"revoke_channel_tokens": True})

    assert line.call("GET", "/v2/bot/info", headers={"Authorization": f"Bearer {token}"}).status == 401
    assert line.push(friend.id, "1").status == 200


def test_every_answer_and_every_message_names_its_request(line, friend):
    answer = line.push(friend.id, "1", "2")

    chat = line.call("GET", f"/api/line/messages?user={friend.id}").json()

    request_id = answer.headers["x-line-request-id"]
    assert str(uuid.UUID(request_id)) == request_id
    assert [(one["text"], one["request_id"]) for one in chat] == [("1", request_id), ("2", request_id)]


def test_the_webhook_endpoint_is_set_and_tried(line, site):
    path = "/v2/bot/channel/webhook/endpoint"
    line.platform.webhook_url = ""

    missing = line.bot("GET", path)
    wrong = line.bot("PUT", path, {"endpoint": "ftp://site.example/"})
    line.bot("PUT", path, {"endpoint": site.url})
    tried = line.bot("POST", "/v2/bot/channel/webhook/test", {}).json()
    nobody = line.bot("POST", "/v2/bot/channel/webhook/test", {"endpoint": "http://127.0.0.1:9/"}).json()

    assert (missing.status, wrong.status) == (404, 400)
    assert line.bot("GET", path).json() == {"endpoint": site.url, "active": True}
    assert (tried["success"], tried["statusCode"], tried["reason"]) == (True, 200, "OK")
    assert (nobody["success"], nobody["reason"]) == (False, "COULD_NOT_CONNECT")
    assert [json.loads(request.body)["events"] for request in site.requests] == [[]]
