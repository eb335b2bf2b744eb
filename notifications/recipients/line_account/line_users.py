"""What LINE tells of a person: name, picture, language."""

import unicodedata

from django.conf import settings
from django.utils import timezone

from notifications.channels.line.login import Person
from notifications.models import LineUser

_JOINER = "\u200d"
"""Holds emoji of several signs together."""


def remember(person: Person, *, whole: bool) -> LineUser:
    """Keep what is new in a profile. It is not `whole` from LINE Login, which does not tell the language."""
    told = {
        "name": _name(person.name),
        "picture_url": _picture(person.picture_url),
        "language": _language(person.language),
    }
    fields: dict[str, object] = {name: value for name, value in told.items() if value}
    if whole:
        fields["profile_at"] = timezone.now()
    found, _created = LineUser.objects.update_or_create(user_id=person.user_id, defaults=fields)
    return found


def _name(told: str) -> str:
    """Without what cannot be seen and turns writing round: names tell accounts apart."""
    seen = (one for one in told if one == _JOINER or unicodedata.category(one) not in ("Cc", "Cf", "Cs"))
    return " ".join("".join(seen).split())[:120]


def _picture(url: str) -> str:
    """Only from LINE's own host: pages allow no other."""
    return url if settings.LINE and url.startswith(f"{settings.LINE.pictures_url}/") else ""


def _language(tag: str) -> str:
    """Ours that is nearest: Japanese for Japanese, English for every other; empty when LINE did not say."""
    if not tag:
        return ""
    return "ja" if tag.lower().startswith("ja") else "en"
