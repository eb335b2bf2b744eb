"""What LINE refuses, in its words and with its places."""

import json

import pytest

from devtools.sandbox.line.validation import check


def text(words: str = "1", **more) -> dict:
    return {"type": "text", "text": words, **more}


def flex(*parts: dict, alt_text: str = "1", layout: str = "vertical", **more) -> dict:
    body = {"type": "box", "layout": layout, "contents": list(parts)}
    return {"type": "flex", "altText": alt_text, "contents": {"type": "bubble", "body": body, **more}}


def button(**action) -> dict:
    return {"type": "button", "action": {"type": "uri", "label": "1", "uri": "https://site.example/", **action}}


def postback(data: str) -> dict:
    return {"type": "button", "action": {"type": "postback", "label": "1", "data": data}}


def refusal(*messages, **more):
    return check(json.dumps({"to": "U1", "messages": list(messages), **more}).encode(), "push")[1]


@pytest.mark.parametrize(
    "message",
    [
        text("a" * 5000),
        text("😀" * 2500),
        text(quickReply={"items": [{"type": "action", "action": {"type": "message", "label": "1", "text": "1"}}]}),
        {"type": "sticker", "packageId": "446", "stickerId": "1988"},
        flex(text(wrap=True, weight="bold", size="13px", color="#1F2A5C", margin="none"), alt_text="a" * 1500),
        flex(button(label="a" * 40, uri="https://site.example/" + "a" * 979)),
        flex(postback("a" * 300)),
        flex({"type": "separator", "margin": "lg", "color": "#E3E5EF"}),
        flex(text(flex=4), {"type": "filler"}, layout="baseline"),
        {"type": "flex", "altText": "1", "contents": {"type": "carousel", "contents": [flex()["contents"]] * 12}},
    ],
)
def test_what_fits_is_accepted(message):
    assert refusal(message) is None


@pytest.mark.parametrize(
    ("message", "words", "place"),
    [
        (text(""), "May not be empty", "messages[0].text"),
        ({"type": "text"}, "May not be empty", "messages[0].text"),
        (text("a" * 5001), "Length must be between 0 and 5000", "messages[0].text"),
        (text("😀" * 2501), "Length must be between 0 and 5000", "messages[0].text"),
        (flex(alt_text=""), "May not be empty", "messages[0].altText"),
        (flex(alt_text="a" * 1501), "Length must be between 0 and 1500", "messages[0].altText"),
        ("1", "invalid property", "messages[0]"),
    ],
)
def test_the_request_is_wrong(message, words, place):
    assert refusal(message) == ("The request body has 1 error(s)", [{"message": words, "property": place}])


@pytest.mark.parametrize(
    ("message", "words", "place"),
    [
        (text(texts="1"), "unknown field", "/texts"),
        ({"type": "sticker", "packageId": "446"}, "must be specified", "/stickerId"),
        ({"type": "flex", "altText": "1"}, "must be specified", "/"),
        (flex() | {"contents": {"type": "bubble"}}, "At least one block must be specified", "/"),
        (flex(text("")), "must be non-empty text", "/body/contents/0/text"),
        (flex(text(colour="#000000")), "unknown field", "/body/contents/0/colour"),
        (flex(text(wrap="true")), "invalid property", "/body/contents/0/wrap"),
        (flex(text(weight="heavy")), "invalid property", "/body/contents/0/weight"),
        (flex(text(size="huge")), "invalid property", "/body/contents/0/size"),
        (flex(text(color="red")), "invalid property", "/body/contents/0/color"),
        (flex(text(margin="8")), "invalid property", "/body/contents/0/margin"),
        (flex(text(), {"type": "separator"}, layout="baseline"), "invalid property", "/body/contents/1"),
        (flex({"type": "button"}), "must be specified", "/body/contents/0/action"),
        (flex(button(label=None)), "invalid property", "/body/contents/0/action/label"),
        (flex(button(label="a" * 41)), "must not be longer than 40 characters", "/body/contents/0/action/label"),
        (flex(button(uri="javascript:alert(1)")), "invalid uri scheme", "/body/contents/0/action/uri"),
        (flex(button(uri="https://site.example/a b")), "invalid uri", "/body/contents/0/action/uri"),
        (
            flex(button(uri="https://site.example/" + "a" * 980)),
            "must not be longer than 1000 characters",
            "/body/contents/0/action/uri",
        ),
        (
            flex(postback("a" * 301)),
            "must not be longer than 300 characters",
            "/body/contents/0/action/data",
        ),
        (flex(*[text("a" * 2000)] * 16), "must not be larger than 30720 bytes", "/"),
        (
            {
                "type": "flex",
                "altText": "1",
                "contents": {"type": "carousel", "contents": [flex()["contents"]] * 13},
            },
            "Size must be between 1 and 12",
            "/contents",
        ),
    ],
)
def test_a_message_is_wrong(message, words, place):
    expected = "A message (messages[1]) in the request body is invalid", [{"message": words, "property": place}]

    assert refusal(text(), message) == expected


@pytest.mark.parametrize("number", [0, 6])
def test_one_to_five_messages(number):
    assert refusal(*[text()] * number).details[0]["property"] == "messages"
    assert refusal(*[text()] * 5) is None


def test_all_that_is_wrong_is_counted():
    found = refusal(text(""), {"type": "texts"}, more=1)

    assert found.message == "The request body has 3 error(s)"
    assert [one["property"] for one in found.details] == ["more", "messages[0].text", "messages[1].type"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"1"])
def test_what_is_no_json_object_is_refused(body):
    request, found = check(body, "push")

    assert request == {}
    assert found.message.startswith("The request body could not be parsed as JSON (line: ")
