"""Convert a broadcast to the payload of its notification type, and validate it."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from notifications.models import Broadcast
from notifications.types import payloads
from notifications.types.payloads.coach import RecommendationKind

COACH, EMERGENCY, TECHNICAL = "coach_recommendations", "emergency_notice", "technical_notice"
MAX_RECOMMENDATIONS = 50
MAX_RECOMMENDATION_LENGTH = 500

_EMPTY_LINE = re.compile(r"(?:\r?\n[ \t\u3000]*){2,}")

Problem = tuple[str, str]
"""The field of the broadcast (empty for the whole) and a sentence."""


def is_emergency(broadcast: Broadcast) -> bool:
    """Return whether it needs a second operator's approval and is sent before all others."""
    return broadcast.type == EMERGENCY


def data_of(broadcast: Broadcast) -> dict[str, object]:
    """Return the payload, which is the same for every seller."""
    title = {"ja": broadcast.title_ja, "en": broadcast.title_en}
    if broadcast.type == COACH:
        pairs = zip(_recommendations(broadcast.body_ja), _recommendations(broadcast.body_en), strict=True)
        return {
            "title": title,
            "recommendations": [
                {"kind": RecommendationKind.GROWTH.value, "text": {"ja": ja, "en": en}} for ja, en in pairs
            ],
        }
    data: dict[str, object] = {"title": title, "body": {"ja": broadcast.body_ja, "en": broadcast.body_en}}
    if broadcast.type == TECHNICAL and broadcast.starts_at is not None:
        data["starts_at"] = broadcast.starts_at.isoformat()
        data["ends_at"] = broadcast.ends_at.isoformat() if broadcast.ends_at else None
    if broadcast.type == EMERGENCY:
        data["region"] = {"ja": broadcast.region_ja, "en": broadcast.region_en}
    return data


def correction_of(broadcast: Broadcast, *, ja: str, en: str) -> dict[str, object]:
    """Return the payload of the correction, with the corrected text in both languages."""
    return data_of(broadcast) | {"body": {"ja": ja, "en": en}, "correction": True}


def problems(broadcast: Broadcast) -> list[Problem]:
    """Return what keeps the broadcast from being sent; empty when it can be sent."""
    found = [*_of_times(broadcast), *_of_region(broadcast), *_of_coach(broadcast)]
    if found:
        return found
    try:
        payloads.read(broadcast.type, data_of(broadcast))
    except payloads.PayloadError as error:
        first = error.errors[0]
        told = {"field": first.field, "sentence": first.sentence}
        return [("", _("This text cannot be sent. %(field)s: %(sentence)s") % told)]
    return []


def _of_times(broadcast: Broadcast) -> Iterator[Problem]:
    if broadcast.type != TECHNICAL:
        for field in ("starts_at", "ends_at"):
            if getattr(broadcast, field) is not None:
                yield field, _("Only a technical notice has times.")
    elif broadcast.starts_at is None:
        yield "starts_at", _("A technical notice says when it begins.")
    elif broadcast.ends_at is not None and broadcast.ends_at < broadcast.starts_at:
        yield "ends_at", _("It ends before it begins.")


def _of_region(broadcast: Broadcast) -> Iterator[Problem]:
    for field in ("region_ja", "region_en"):
        if broadcast.type == EMERGENCY and not getattr(broadcast, field):
            yield field, _("An emergency notice says where, in both languages.")
        elif broadcast.type != EMERGENCY and getattr(broadcast, field):
            yield field, _("Only an emergency notice says where.")


def _of_coach(broadcast: Broadcast) -> Iterator[Problem]:
    if broadcast.type != COACH:
        return
    counts = {}
    for field in ("body_ja", "body_en"):
        paragraphs = _recommendations(getattr(broadcast, field))
        counts[field] = len(paragraphs)
        if any(len(one) > MAX_RECOMMENDATION_LENGTH for one in paragraphs):
            yield (
                field,
                _("Each recommendation is a paragraph of %(most)s characters at the most.")
                % {"most": MAX_RECOMMENDATION_LENGTH},
            )
        if len(paragraphs) > MAX_RECOMMENDATIONS:
            yield (
                field,
                _("These are more than %(most)s recommendations.") % {"most": MAX_RECOMMENDATIONS},
            )
    if counts["body_ja"] != counts["body_en"]:
        yield (
            "body_en",
            _("The texts differ in their number of paragraphs: %(ja)s in Japanese, %(en)s in English.")
            % {"ja": counts["body_ja"], "en": counts["body_en"]},
        )


def _recommendations(body: str) -> list[str]:
    """Return the recommendations, one for each paragraph, without line breaks."""
    return [" ".join(part.split()) for part in _EMPTY_LINE.split(body) if part.strip()]
