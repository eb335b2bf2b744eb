"""What a broadcast says fits its type, or there is a sentence that says what it lacks."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from notifications.delivery import rendering
from notifications.delivery.rendering import NotificationFacts
from notifications.models import Broadcast
from notifications.operations.broadcasts.content import correction_of, data_of, problems
from notifications.types import payloads

from .conftest import TEXTS, WHERE

NOW = timezone.now()
GOOD = [
    Broadcast(type="business_update", **TEXTS),
    Broadcast(type="technical_notice", starts_at=NOW, **TEXTS),
    Broadcast(type="technical_notice", starts_at=NOW, ends_at=NOW + timedelta(hours=1), **TEXTS),
    Broadcast(type="coach_recommendations", **TEXTS),
    Broadcast(type="emergency_notice", **TEXTS, **WHERE),
]


def told(broadcast: Broadcast, language: str, data: dict[str, object] | None = None) -> rendering.MessageContent:
    facts = NotificationFacts(broadcast.type, data or data_of(broadcast), "花子の器", "Asia/Tokyo", "", "")
    return rendering.render_content(facts, language)


@pytest.mark.parametrize("broadcast", GOOD, ids=lambda one: one.type)
def test_every_kind_can_be_told_in_both_languages(broadcast):
    assert problems(broadcast) == []
    assert told(broadcast, "ja").headline == TEXTS["title_ja"]
    assert told(broadcast, "en").headline == TEXTS["title_en"]


def test_each_paragraph_is_a_recommendation_of_the_coach():
    [broadcast] = [one for one in GOOD if one.type == "coach_recommendations"]

    japanese, english = told(broadcast, "ja").table, told(broadcast, "en").table

    assert [row.main for row in japanese.rows] == ["12月11日から開催します。", "申し込みは12月4日までです。"]
    assert [row.main for row in english.rows] == ["It starts on 11 December.", "Sign up by 4 December."]


@pytest.mark.parametrize(
    ("type_key", "fields", "expected"),
    [
        ("technical_notice", {}, ["starts_at"]),
        ("technical_notice", {"starts_at": NOW, "ends_at": NOW - timedelta(hours=1)}, ["ends_at"]),
        ("business_update", {"starts_at": NOW}, ["starts_at"]),
        ("business_update", WHERE, ["region_ja", "region_en"]),
        ("emergency_notice", {}, ["region_ja", "region_en"]),
        ("emergency_notice", {"region_ja": "関東地方"}, ["region_en"]),
        ("coach_recommendations", {"body_en": "One paragraph."}, ["body_en"]),
        ("coach_recommendations", {"body_ja": "あ" * 501 + "\n\nい"}, ["body_ja"]),
        ("coach_recommendations", {"body_ja": "あ\n\n" * 51, "body_en": "a\n\n" * 51}, ["body_ja", "body_en"]),
        ("business_update", {"title_en": "a\x07b"}, [""]),
        ("business_update", {"body_en": ""}, [""]),
    ],
)
def test_what_cannot_be_sent_is_named(type_key, fields, expected):
    broadcast = Broadcast(type=type_key, **(TEXTS | fields))

    with override("en"):
        found = problems(broadcast)

    assert [field for field, _sentence in found] == expected


@pytest.mark.parametrize("broadcast", [one for one in GOOD if one.type != "coach_recommendations"])
def test_a_correction_asks_for_nothing_that_the_notice_asked_for(broadcast):
    data = correction_of(broadcast, ja="開催は中止です。", en="It is cancelled.")

    story = told(broadcast, "en", data)

    payloads.read(broadcast.type, data)
    assert story.headline == "Correction: The year-end sale"
    assert story.paragraphs == ("It is cancelled.",)
    assert story.facts == ()
    assert len(story.todo) == 1


def test_a_recommendation_in_one_language_is_still_taken():
    data = {"recommendations": [{"kind": "price", "text": "Lower it.", "sku": "A-1"}]}

    story = told(Broadcast(type="coach_recommendations"), "ja", data)

    assert story.table.rows[0].main == "Lower it."
