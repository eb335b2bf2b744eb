"""What line-bot-sdk makes of our messages."""

import pytest
from linebot.v3.messaging import ApiClient, Configuration, FlexContainer, FlexMessage, PushMessageRequest

from notifications.channels.line.client import ReadyFlex
from notifications.delivery.rendering import NotificationFacts, render_bubble
from notifications.types.definitions import TYPES
from notifications.types.payloads.samples import SAMPLES


def serialized(message):
    client = ApiClient(Configuration(host="http://line.example", access_token="t"))
    return client.sanitize_for_serialization(PushMessageRequest(to="U1", messages=[message]))


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("kind", sorted(key for key, kind in TYPES.items() if kind.line))
def test_ready_json_leaves_as_the_sdk_s_own_types_would_write_it(kind, language):
    url = "https://shop.example/n/1/"
    facts = NotificationFacts(kind, SAMPLES[kind], "花子の器", "Asia/Tokyo", page_url=url, options_url=url)
    alt_text, contents = render_bubble(facts, language)
    typed = FlexMessage(altText=alt_text, contents=FlexContainer.from_dict(contents))

    sent = serialized(ReadyFlex(alt_text=alt_text, contents=contents))

    assert sent == serialized(typed)
    assert sent["messages"] == [{"type": "flex", "altText": alt_text, "contents": contents}]


def test_what_the_sdk_does_not_know_is_not_dropped():
    contents = {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": [], "new": "part"}}

    assert serialized(ReadyFlex(alt_text="alt", contents=contents))["messages"][0]["contents"] == contents
