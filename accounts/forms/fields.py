"""Fields that take what people really type: full-width letters, stray spaces."""

import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..timezones import names


class PlainTextField(forms.CharField):
    """One line, in Unicode's compatibility form (NFKC), with single spaces."""

    def to_python(self, value: Any) -> str:
        return " ".join(unicodedata.normalize("NFKC", super().to_python(value) or "").split())


class AddressField(forms.EmailField):
    """An e-mail address in lower case; full-width letters and spaces are put right."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("E-mail address"))
        kwargs.setdefault("widget", forms.EmailInput(attrs={"autocomplete": "email"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return "".join(unicodedata.normalize("NFKC", super().to_python(value) or "").split()).lower()


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
