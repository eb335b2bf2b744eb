"""Store LINE users' profiles: name, picture, language."""

import unicodedata

from django.conf import settings
from django.utils import timezone

from notifications.channels.line.login import Person
from notifications.models import LineUser

_JOINER = "\u200d"
"""ZERO WIDTH JOINER, which joins emoji of several characters."""


def remember(person: Person, *, whole: bool) -> LineUser:
    """Store the non-empty fields of a profile. `whole` is false for LINE Login, which sends no language."""
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
    """Remove invisible and text-direction characters, for users tell LINE accounts apart by their names."""
    seen = (one for one in told if one == _JOINER or unicodedata.category(one) not in ("Cc", "Cf", "Cs"))
    return " ".join("".join(seen).split())[:120]


def _picture(url: str) -> str:
    """Return the URL if it is on LINE's own host, else "": our pages' CSP allows no other."""
    return url if settings.LINE and url.startswith(f"{settings.LINE.pictures_url}/") else ""


def _language(tag: str) -> str:
    """Return "ja" for Japanese, "en" for any other language, "" when LINE did not send one."""
    if not tag:
        return ""
    return "ja" if tag.lower().startswith("ja") else "en"
