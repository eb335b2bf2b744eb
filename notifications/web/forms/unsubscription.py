"""The form of the unsubscribe page, sent by a recipient or by their mail program."""

from enum import Enum
from typing import Any

from django import forms

from notifications.recipients.email_addresses import OPTIONAL_TYPES

ONE_CLICK = "One-Click"


class UnsubscribeRequest(Enum):
    """What the recipient asks for."""

    STOP = "stop"
    STOP_ALL = "stop_all"
    UNDO = "undo"


class UnsubscribeForm(forms.Form):
    """One button of the page, or the body of a one-click request (RFC 8058)."""

    wish = forms.TypedChoiceField(
        choices=[(wish.value, wish.value) for wish in UnsubscribeRequest],
        coerce=UnsubscribeRequest,
        empty_value=None,
        required=False,
    )
    types = forms.MultipleChoiceField(choices=[(key, key) for key in OPTIONAL_TYPES], required=False)

    @property
    def is_one_click(self) -> bool:
        """Whether a mail program sent the request, not a person on the page."""
        return bool(self.data.get("List-Unsubscribe") == ONE_CLICK)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.is_one_click:
            cleaned["wish"] = UnsubscribeRequest.STOP
        elif cleaned.get("wish") is None:
            raise forms.ValidationError("Nothing was asked for.")
        return cleaned
