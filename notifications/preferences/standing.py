"""What a choice comes to, in one word. Pure."""

from collections.abc import Collection

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from ..enums import AddressState
from .reading import Choice


class Standing(TextChoices):
    """How a notification stands by e-mail."""

    ON = "on", pgettext_lazy("notification by e-mail", "On")
    OFF = "off", pgettext_lazy("notification by e-mail", "Off")
    REQUIRED = "required", pgettext_lazy("notification by e-mail", "Required")
    NOT_IN_PLAN = "not_in_plan", pgettext_lazy("notification by e-mail", "Not in your plan")
    NOT_REACHING = "not_reaching", pgettext_lazy("notification by e-mail", "On but not reaching you")


def standing_of(choice: Choice, states: Collection[str], *, included: bool) -> Standing:
    """Judge a choice by the states of the addresses it goes to; `included`: the plan has the type."""
    if not included:
        return Standing.NOT_IN_PLAN
    if not choice.email:
        return Standing.OFF
    if AddressState.ACTIVE not in states:
        return Standing.NOT_REACHING
    return Standing.REQUIRED if choice.type.required else Standing.ON
