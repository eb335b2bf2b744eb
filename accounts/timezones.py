"""The time zones that a user may choose."""

from functools import cache
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_AREAS = {
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
}


@cache
def names() -> tuple[str, ...]:
    """Return IANA names of places without historical aliases, and UTC."""
    return ("UTC", *sorted(name for name in available_timezones() if name.split("/")[0] in _AREAS))


def validate_time_zone(value: str) -> None:
    if value not in names():
        raise ValidationError(_("“%(value)s” is not a time zone."), params={"value": value})
