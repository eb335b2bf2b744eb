"""A notification as a LINE bubble: within LINE's limits, whatever a source sends."""

import json
from typing import Any

import pytest

from devtools.sandbox.line.validation import check
from notifications.channels.line.messages import too_large
from notifications.delivery.rendering import NotificationFacts, render_bubble
from notifications.types.definitions import TYPES
from notifications.types.payloads.samples import SAMPLES

LINE_TYPES = [key for key, kind in TYPES.items() if kind.line]
PAGE = "https://sellers.example.jp/n/01"


def facts(kind: str, **data: Any) -> NotificationFacts:
    return NotificationFacts(kind, {**SAMPLES[kind], **data}, "花子の器", "Asia/Tokyo", PAGE, "https://x.example/")


def texts(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["text"]] if part.get("type") == "text" else []
        return own + [text for value in part.values() for text in texts(value)]
    return [text for one in part for text in texts(one)] if isinstance(part, list) else []


def actions(part: Any) -> list[dict[str, Any]]:
    if isinstance(part, dict):
        own = [part["action"]] if "action" in part else []
        return own + [action for value in part.values() for action in actions(value)]
    return [action for one in part for action in actions(one)] if isinstance(part, list) else []


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("kind", LINE_TYPES)
def test_every_type_is_a_bubble_that_line_takes(kind, language):
    alt_text, contents = render_bubble(facts(kind), language)
    message = {"type": "flex", "altText": alt_text, "contents": contents}

    _body, refusal = check(json.dumps({"to": "U1", "messages": [message]}).encode(), "push")

    assert refusal is None
    assert too_large(alt_text, contents) == ""
    assert "花子の器" in texts(contents)[0]
    assert "花子の器" in alt_text
    assert [action["uri"] for action in actions(contents)] == [PAGE]


def test_it_says_what_happened_what_to_do_and_where_the_rest_is():
    _alt_text, contents = render_bubble(facts("account_at_risk"), "en")

    assert texts(contents) == [
        "花子の器",
        "Account health: important",
        "Your seller account may be suspended",
        "Your seller account may be suspended if nothing changes.",
        "Reason",
        SAMPLES["account_at_risk"]["reason"],
        "Policies concerned",
        ", ".join(SAMPLES["account_at_risk"]["policies"]),
        "Act by",
        texts(contents)[9],
        "What to do",
        "1. Read the reason and the policies, and find the cause.",
        texts(contents)[12],
        "3. Keep a plan of action ready: you will be asked for it if the account is suspended.",
        "LINE gives you the main points only. E-mail and the site stay the full source.",
    ]


def test_the_longest_data_still_fit():
    longest = {
        "title": "𠮷" * 300,
        "sku": "S" * 64,
        "reason": "𠮷" * 500,
        "sales_28d_usd": "999999999.99",
    }

    alt_text, contents = render_bubble(facts("listing_suspended", **longest), "ja")

    assert too_large(alt_text, contents) == ""
    assert all(0 < len(text) <= 300 for text in texts(contents))


def test_at_most_four_facts():
    _alt_text, contents = render_bubble(facts("listing_suspended"), "en")

    lines = next(box for box in contents["body"]["contents"] if box.get("spacing") == "sm")
    assert len(lines["contents"]) == 4
