"""LINE's limits, looked at before anything is sent."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.channels.line.messages import cut, too_large, units


def bubble(**action: Any) -> dict[str, Any]:
    return {"type": "bubble", "footer": {"contents": [{"type": "button", "action": {"type": "uri", **action}}]}}


def test_what_fits_is_not_too_large():
    assert too_large("alt", bubble(label="Open", uri="https://shop.example/")) == ""


@pytest.mark.parametrize(
    ("alt_text", "contents", "place"),
    [
        ("", bubble(), "altText"),
        ("𠮷" * 751, bubble(), "altText"),
        ("alt", bubble(uri="x" * 1001), "action.uri"),
        ("alt", bubble(data="x" * 301), "action.data"),
        ("alt", bubble(label="x" * 41), "action.label"),
        ("alt", {"type": "bubble", "body": {"text": "あ" * 10_300}}, "bubble"),
        ("alt", {"type": "carousel", "contents": [bubble()] * 13}, "contents"),
        ("alt", {"type": "carousel", "contents": [bubble(uri="x" * 1001)]}, "action.uri"),
    ],
)
def test_what_line_would_refuse_is_named_by_its_place(alt_text, contents, place):
    assert too_large(alt_text, contents) == place


def test_exactly_the_limit_fits():
    assert too_large("𠮷" * 750, bubble(uri="x" * 1000, data="x" * 300, label="x" * 40)) == ""


@given(st.text(), st.integers(min_value=2, max_value=60))
def test_a_text_is_cut_to_its_limit_in_utf_16(text, limit):
    made = cut(text, limit)

    assert units(made) <= limit
    assert made == text if units(text) <= limit else made.endswith("…")
