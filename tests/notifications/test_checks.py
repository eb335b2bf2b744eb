"""The system checks: a type that is not complete stops the start."""

import pytest
from django.core.checks import run_checks

from notifications import checks


def ids(found: list[object]) -> list[str | None]:
    return [getattr(error, "id", None) for error in found]


def test_nothing_is_missing() -> None:
    assert run_checks(tags=["notifications"], include_deployment_checks=True) == []


@pytest.mark.parametrize(
    ("table", "number"),
    [("PAYLOADS", "notifications.E001"), ("WORDING", "notifications.E002"), ("SAMPLES", "notifications.E003")],
)
def test_a_gap_and_a_spare_entry_are_found(monkeypatch: pytest.MonkeyPatch, table: str, number: str) -> None:
    entries = dict(getattr(checks, table))
    entries["birthday"] = entries.pop("claim_opened")
    monkeypatch.setattr(checks, table, entries)

    found = checks.check_tables()

    assert ids(found) == [number, number]
    assert ["'claim_opened'" in found[0].msg, "'birthday'" in found[1].msg] == [True, True]


def test_a_sample_that_does_not_fit_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "SAMPLES", {**checks.SAMPLES, "listing_created": {"title": "A"}})

    found = checks.check_messages()

    assert ids(found) == ["notifications.E004"]
    assert found[0].msg == "The sample of 'listing_created' cannot be rendered: data.sku: This field is required."


def test_words_that_are_not_translated_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    told = checks.render_content

    def forgetful(facts: checks.NotificationFacts, code: str) -> checks.MessageContent:
        return told(facts, "en" if facts.type == "listing_created" else code)

    monkeypatch.setattr(checks, "render_content", forgetful)

    found = checks.check_messages()

    assert ids(found) == ["notifications.E005"] * 4
    assert found[0].msg == (
        "'listing_created' says in 'ja' what it says in English: 'Listing created: 萬古焼 土鍋 8号 黒'."
    )
