"""Form fields that normalise what users type: full-width letters, stray spaces, invisible characters."""

import unicodedata
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from ..timezones import names

_MAX_ADDRESS_LENGTH = 254
_JOINERS = "\u200c\u200d"  # needed by several scripts and most emoji
_FILLERS = "\u115f\u1160\u2800"  # classified as letters, but invisible


class PlainTextField(forms.CharField):
    """One line of text, normalised to NFKC, with single spaces and without invisible characters."""

    def to_python(self, value: Any) -> str:
        text = unicodedata.normalize("NFKC", super().to_python(value) or "")
        seen = "".join(character for character in text if not _is_unseen(character))
        return " ".join(seen.split()).strip(_JOINERS)


def _is_unseen(character: str) -> bool:
    """Return whether a character is invisible: it could reverse text or make two names look the same."""
    if character in _FILLERS:
        return True
    kind = unicodedata.category(character)
    return kind in ("Cc", "Cf") and not character.isspace() and character not in _JOINERS


class AddressField(forms.EmailField):
    """An e-mail address in lower case; full-width letters and spaces are normalised."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", _MAX_ADDRESS_LENGTH)
        kwargs.setdefault("label", _("E-mail address"))
        kwargs.setdefault("widget", forms.EmailInput(attrs={"autocomplete": "email"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return "".join(unicodedata.normalize("NFKC", super().to_python(value) or "").split()).lower()

    def run_validators(self, value: str) -> None:
        """Also refuse addresses that cannot receive mail, and letters that only look like ASCII."""
        super().run_validators(value)
        if not _can_be_written_to(value):
            raise forms.ValidationError(validate_email.message, code=validate_email.code)


def _can_be_written_to(email: str) -> bool:
    local, _at, domain = email.rpartition("@")
    try:
        domain.encode("idna")
    except UnicodeError:
        return False
    # For a letter newer than Python's Unicode tables, only the database may know the lower case.
    known = all(unicodedata.category(character) != "Cn" for character in domain)
    return local.isascii() and known


class TimeZoneField(forms.ChoiceField):
    """The IANA time zones, grouped by area."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Time zone"))
        super().__init__(choices=_by_area, **kwargs)


def _by_area() -> list[tuple[str, list[tuple[str, str]]]]:
    areas: dict[str, list[tuple[str, str]]] = {}
    for name in names():
        area, _slash, place = name.partition("/")
        areas.setdefault(area, []).append((name, (place or area).replace("_", " ")))
    return list(areas.items())
