"""The account link dialog: whose link token, whose browser, which nonce."""

import pytest

NONCE = "n" * 43


def link_token(line, person) -> str:
    return line.bot("POST", f"/v2/bot/user/{person.id}/linkToken").json()["linkToken"]


def open_dialog(line, token: str, person=None, nonce: str = NONCE):
    headers = {"Cookie": f"line_user={person.id}"} if person else {}
    return line.call("GET", f"/dialog/bot/accountLink?linkToken={token}&nonce={nonce}", headers=headers)


def told(line, site) -> list:
    assert line.platform.webhooks.wait_until_idle()
    return [(event["type"], event.get("link"), event.get("source")) for event in site.events]


def test_the_right_browser_links(line, site, friend):
    answer = open_dialog(line, link_token(line, friend), friend)

    assert answer.status == 200
    assert f'href="/line/phone/{friend.id}"' in answer.data.decode()
    assert told(line, site) == [
        ("accountLink", {"result": "ok", "nonce": NONCE}, {"type": "user", "userId": friend.id})
    ]
    assert site.events[0]["replyToken"]


def test_somebody_else_s_browser_fails_without_a_source(line, site, friend):
    token = link_token(line, friend)

    answer = open_dialog(line, token, line.person("Emma"))

    assert answer.status == 400
    assert told(line, site) == [("accountLink", {"result": "failed", "nonce": NONCE}, None)]
    assert "replyToken" not in site.events[0]
    assert open_dialog(line, token, friend).status == 400


@pytest.mark.parametrize(("length", "result"), [(9, "failed"), (10, "ok"), (255, "ok"), (256, "failed")])
def test_a_nonce_has_10_to_255_characters(line, site, friend, length, result):
    open_dialog(line, link_token(line, friend), friend, "n" * length)

    assert [link["result"] for _type, link, _source in told(line, site)] == [result]


def test_a_token_works_once_and_says_nothing_afterwards(line, site, friend):
    token = link_token(line, friend)

    statuses = [open_dialog(line, token, friend).status for _ in range(2)]

    assert statuses == [200, 400]
    assert len(told(line, site)) == 1


def test_a_token_lives_for_ten_minutes(line, site, friend):
    token = link_token(line, friend)

    line.platform.advance(601)

    assert open_dialog(line, token, friend).status == 400
    assert told(line, site) == []


def test_a_browser_that_nobody_uses_yet_asks_whose_it_is(line, site, friend):
    token = link_token(line, friend)

    asked = open_dialog(line, token)
    [path] = [part.split('"')[0] for part in asked.data.decode().split('href="') if f"as/{friend.id}" in part]
    chosen = line.call("GET", path.replace("&amp;", "&"))

    assert told(line, site) == []
    assert f"line_user={friend.id};" in chosen.headers["Set-Cookie"]
    assert chosen.headers["Location"] == f"/dialog/bot/accountLink?linkToken={token}&nonce={NONCE}"
    assert open_dialog(line, token, friend).status == 200


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example/", "evil", ""])
def test_choosing_a_phone_leads_nowhere_else(line, to):
    answer = line.call("GET", f"/line/as/{line.person().id}?next={to}")

    assert answer.status == 404
    assert "Location" not in answer.headers


def test_only_who_hears_us_gets_a_link_token(line):
    statuses = [
        line.bot("POST", f"/v2/bot/user/{line.person().id}/linkToken").status,
        line.bot("POST", f"/v2/bot/user/U{'0' * 32}/linkToken").status,
    ]

    assert statuses == [400, 404]


def test_link_tokens_can_be_out_of_order(line, friend):
    line.platform.faults.lay_over({"fail": {"linkToken": {"status": 500}}})

    statuses = [line.bot("POST", f"/v2/bot/user/{friend.id}/linkToken").status for _ in range(2)]

    assert statuses == [500, 200]
