"""Fields that take what people really type: full-width letters, stray spaces."""

import unicodedata
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from ..timezones import names

_MAX_ADDRESS_LENGTH = 254
_JOINERS = "\u200c\u200d"  # several scripts and most emoji are written with them
_FILLERS = "\u115f\u1160\u2800"  # letters in name only: nothing is drawn


class PlainTextField(forms.CharField):
    """One line, in Unicode's compatibility form (NFKC), with single spaces and nothing that cannot be seen."""

    def to_python(self, value: Any) -> str:
        text = unicodedata.normalize("NFKC", super().to_python(value) or "")
        seen = "".join(character for character in text if not _is_unseen(character))
        return " ".join(seen.split()).strip(_JOINERS)


def _is_unseen(character: str) -> bool:
    """Turns the direction of text around, makes two names look the same, or rings a terminal's bell."""
    if character in _FILLERS:
        return True
    kind = unicodedata.category(character)
    return kind in ("Cc", "Cf") and not character.isspace() and character not in _JOINERS


class AddressField(forms.EmailField):
    """An e-mail address in lower case; full-width letters and spaces are put right."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", _MAX_ADDRESS_LENGTH)
        kwargs.setdefault("label", _("E-mail address"))
        kwargs.setdefault("widget", forms.EmailInput(attrs={"autocomplete": "email"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return "".join(unicodedata.normalize("NFKC", super().to_python(value) or "").split()).lower()

    def run_validators(self, value: str) -> None:
        """Also refuse what no mail could be sent to, letters that only look like others, and unknown ones."""
        super().run_validators(value)
        if not _can_be_written_to(value):
            raise forms.ValidationError(validate_email.message, code=validate_email.code)


def _can_be_written_to(email: str) -> bool:
    local, _at, domain = email.rpartition("@")
    try:
        domain.encode("idna")
    except UnicodeError:
        return False
    # Of a letter newer than Python's tables only the database may know the lower case.
    known = all(unicodedata.category(character) != "Cn" for character in domain)
    return local.isascii() and known


class TimeZoneField(forms.ChoiceField):
    """The places of the time zone database, grouped by area."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Time zone"))
        super().__init__(choices=_by_area, **kwargs)


def _by_area() -> list[tuple[str, list[tuple[str, str]]]]:
    areas: dict[str, list[tuple[str, str]]] = {}
    for name in names():
        area, _slash, place = name.partition("/")
        areas.setdefault(area, []).append((name, (place or area).replace("_", " ")))
    return list(areas.items())
