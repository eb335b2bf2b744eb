"""The phone: what arrives is drawn, escaped; what people do there happens."""

import re

import pytest

EVIL = '"><script>alert(1)</script>'


def bubble(*buttons: dict, text: str = "注文が確定しました") -> dict:
    return {
        "type": "flex",
        "altText": text,
        "contents": {
            "type": "bubble",
            "header": {"type": "box", "layout": "vertical", "contents": [{"type": "text", "text": text}]},
            "body": {
                "type": "box",
                "layout": "baseline",
                "contents": [
                    {"type": "text", "text": text, "size": "xs", "color": "#5A5F73", "flex": 4},
                    {"type": "text", "text": text, "weight": "bold", "wrap": True, "flex": 7},
                ],
            },
            "footer": {
                "type": "box",
                "layout": "vertical",
                "spacing": "sm",
                "contents": [{"type": "button", "style": "primary", "action": one} for one in buttons],
            },
        },
    }


def uri(address: str = "https://site.example/orders/1", label: str = "開く") -> dict:
    return {"type": "uri", "label": label, "uri": address}


def postback(data: str = "link", label: str = "連携", **more: str) -> dict:
    return {"type": "postback", "label": label, "data": data, **more}


def chat(line, person, query: str = "") -> str:
    return line.call("GET", f"/line/phone/{person.id}/chat{query}").data.decode()


def test_a_bubble_is_drawn(line, friend):
    assert line.push(friend.id, bubble(uri(), postback())).status == 200

    page = chat(line, friend)

    assert page.count("注文が確定しました") == 3
    assert 'href="https://site.example/orders/1" target="_blank" rel="noreferrer">開く</a>' in page
    assert re.search(r'<button class="[^"]*f-primary[^"]*">連携</button>', page)
    assert "f-text fs-13px ink-5a5f73 f-cut grow-4" in page
    assert "f-text fs-16px f-wraps bold grow-7" in page


def test_the_classes_of_the_chat_have_their_rules(line, friend):
    line.push(friend.id, bubble(uri()))
    [address] = re.findall(r'href="(/line/look\.css\?of=[^"]*)"', chat(line, friend))

    sheet = line.call("GET", address).data.decode()

    assert ".fs-13px{font-size:13.0px}" in sheet
    assert ".ink-5a5f73{color:#5a5f73}" in sheet
    assert ".grow-4{flex:4 4 0}" in sheet
    assert ".gap-4px{gap:4.0px}" in sheet


@pytest.mark.parametrize("token", ["ink-red", "ink-13px", "ink-000000;}", "body-1", "fs-13", "grow-1}*{color", ""])
def test_a_stylesheet_holds_nothing_else(line, token):
    sheet = line.call("GET", "/line/look.css", fields={"of": token}).data.decode()

    assert sheet == ""


def test_what_a_shop_writes_stays_text(line, friend):
    line.push(friend.id, EVIL, bubble(uri(label=EVIL[:20]), postback(EVIL, label=EVIL[:20]), text=EVIL))

    page = chat(line, friend)

    assert "<script" not in page
    assert page.count("&lt;script&gt;") > 5
    assert " style=" not in page
    assert "script-src" not in line.call("GET", "/line/").headers["Content-Security-Policy"]


def test_a_carousel_is_drawn(line, friend):
    contents = {"type": "carousel", "contents": [bubble(uri())["contents"]] * 3}
    line.push(friend.id, {"type": "flex", "altText": "1", "contents": contents})

    page = chat(line, friend)

    assert page.count('class="bubble bubble-mega"') == 3
    assert page.count('class="carousel"') == 1


def test_a_tap_is_a_postback_and_speaks(line, site, friend):
    line.push(friend.id, bubble(postback("link", displayText="連携する")))
    [action] = re.findall(r'name="action" value="([^"]*)"', chat(line, friend))

    answer = line.form(f"/line/phone/{friend.id}/tap", action=action.replace("&#34;", '"'))
    line.platform.webhooks.wait_until_idle()

    assert (answer.status, answer.headers["Location"]) == (303, f"/line/phone/{friend.id}/chat")
    assert [event["postback"] for event in site.events] == [{"data": "link"}]
    assert '<p class="balloon">連携する</p>' in chat(line, friend)


def test_what_a_person_writes(line, site, friend):
    line.form(f"/line/phone/{friend.id}/say", text="  こんにちは ")
    line.form(f"/line/phone/{friend.id}/say", text="  ")
    line.form(f"/line/phone/{friend.id}/sticker")
    line.form(f"/line/phone/{friend.id}/image")
    line.platform.webhooks.wait_until_idle()

    assert [event["message"]["type"] for event in site.events] == ["text", "sticker", "image"]
    assert site.events[0]["message"]["text"] == "こんにちは"


def test_what_can_be_done_depends_on_how_they_stand(line):
    person = line.person()
    offered = []
    for act in ("", "follow", "block", "unblock"):
        if act:
            line.form(f"/line/phone/{person.id}/{act}")
        page = line.call("GET", f"/line/phone/{person.id}").data.decode()
        offered.append(re.findall(rf'action="/line/phone/{person.id}/(\w+)"', page))

    assert offered == [
        ["follow"],
        ["say", "sticker", "image", "block"],
        ["unblock"],
        ["say", "sticker", "image", "block"],
    ]


def test_only_the_chat_renews_itself_and_may_hold_still(line, friend):
    phone = line.call("GET", f"/line/phone/{friend.id}").data.decode()
    still = line.call("GET", f"/line/phone/{friend.id}?still=1").data.decode()

    assert 'http-equiv="refresh"' not in phone
    assert f'src="/line/phone/{friend.id}/chat"' in phone
    assert f'src="/line/phone/{friend.id}/chat?still=1"' in still
    assert 'http-equiv="refresh"' in chat(line, friend)
    assert 'http-equiv="refresh"' not in chat(line, friend, "?still=1")


def test_the_friend_page_and_the_list_show_everybody(line, friend):
    pages = [line.call("GET", path).data.decode() for path in ("/line/", "/line/add")]

    for page in pages:
        for person in line.platform.people.values():
            assert person.name in page
    assert f'action="/line/phone/{friend.id}/follow"' in pages[1]


def test_opening_a_phone_takes_it_into_the_hand(line, friend):
    answer = line.call("GET", f"/line/phone/{friend.id}")

    assert answer.headers["Set-Cookie"] == f"line_user={friend.id}; Path=/; SameSite=Lax; HttpOnly"


def test_another_site_cannot_use_a_phone(line, site, friend):
    answer = line.call("POST", f"/line/phone/{friend.id}/block", headers={"Origin": "https://evil.example"}, body=b"")

    assert answer.status == 403
    assert friend.hears_us


def test_faces_and_pictures(line, friend):
    for path in (f"/line/pictures/{friend.id}.svg", "/line/sticker.svg", "/line/photo.svg"):
        answer = line.call("GET", path)
        assert (answer.status, answer.headers["Content-Type"]) == (200, "image/svg+xml")


def test_the_faults_are_explained(line):
    page = line.call("GET", "/line/scripts").data.decode()

    assert "<code>webhooks.reorder</code>" in page
    assert "<code>monthly_quota, consumed</code>" in page


@pytest.mark.parametrize("path", ["/line/phone/U1", f"/line/phone/U{'0' * 32}", f"/line/pictures/U{'0' * 32}.svg"])
def test_nobody_s_phone(line, path):
    assert line.call("GET", path).status == 404
