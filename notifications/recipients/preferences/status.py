"""Derive the status of a preference that pages show (on, off, not reaching you, ...). Pure functions."""

from collections.abc import Collection

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from notifications.types.definitions import NotificationType
from notifications.types.enums import AddressState, LinkState

from .loading import EffectivePreference


class PreferenceStatus(TextChoices):
    """The status of a notification by e-mail."""

    ON = "on", pgettext_lazy("notification by e-mail", "On")
    OFF = "off", pgettext_lazy("notification by e-mail", "Off")
    REQUIRED = "required", pgettext_lazy("notification by e-mail", "Required")
    NOT_IN_PLAN = "not_in_plan", pgettext_lazy("notification by e-mail", "Not in your plan")
    NOT_REACHING = "not_reaching", pgettext_lazy("notification by e-mail", "On but not reaching you")


def preference_status(choice: EffectivePreference, states: Collection[str], *, included: bool) -> PreferenceStatus:
    """Return the e-mail status from the states of the preference's addresses; `included`: the plan has the type."""
    if not included:
        return PreferenceStatus.NOT_IN_PLAN
    if not choice.email:
        return PreferenceStatus.OFF
    if not receiving(choice.type).intersection(states):
        return PreferenceStatus.NOT_REACHING
    return PreferenceStatus.REQUIRED if choice.type.required else PreferenceStatus.ON


def receiving(kind: NotificationType) -> frozenset[str]:
    """Return the address states in which a type is sent: a required one also after a spam complaint."""
    if kind.required:
        return frozenset({AddressState.ACTIVE, AddressState.REFUSED})
    return frozenset({AddressState.ACTIVE})


class LinePreferenceStatus(TextChoices):
    """The status of a notification on LINE."""

    ON = "on", pgettext_lazy("notification on LINE", "On")
    OFF = "off", pgettext_lazy("notification on LINE", "Off")
    NOT_TOLD = "not_told", pgettext_lazy("notification on LINE", "Not told on LINE")
    NOT_LINKED = "not_linked", pgettext_lazy("notification on LINE", "No LINE account is linked")
    NOT_REACHING = "not_reaching", pgettext_lazy("notification on LINE", "On but not reaching you")


def line_preference_status(choice: EffectivePreference, link: LinkState | None) -> LinePreferenceStatus:
    """Return the LINE status from the state of the account's link, None when there is none."""
    if not choice.type.line:
        return LinePreferenceStatus.NOT_TOLD
    if link is None:
        return LinePreferenceStatus.NOT_LINKED
    if not choice.line:
        return LinePreferenceStatus.OFF
    return LinePreferenceStatus.ON if link == LinkState.LIVE else LinePreferenceStatus.NOT_REACHING
