"""The filter form of the delivery log."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from notifications.types.definitions import TYPES
from notifications.types.enums import Channel, DeliveryStatus

from ..delivery_log import NOT_TAKEN, Search

_TYPES = [("", _("All notifications")), *((kind.key, kind.title) for kind in TYPES.values())]
_ENDINGS = [*DeliveryStatus.choices, (NOT_TAKEN, pgettext_lazy("end of a road", "Not sent on purpose"))]
_KEPT = ("q", "type", "channel", "ending", "recipient")


class LogFilter(forms.Form):
    """Read from the query string; invalid values are ignored, not reported."""

    q = forms.CharField(label=_("Order ID or SKU"), max_length=100, required=False)
    type = forms.ChoiceField(label=_("Notification"), choices=_TYPES, required=False)
    channel = forms.ChoiceField(label=_("Channel"), choices=[("", _("All channels")), *Channel.choices], required=False)
    ending = forms.ChoiceField(label=_("What became of it"), choices=[("", _("Everything")), *_ENDINGS], required=False)
    recipient = forms.CharField(label=_("Address"), max_length=254, required=False)
    before = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, addresses: list[str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.addresses = addresses

    def search(self) -> Search:
        self.is_valid()
        chosen = self.cleaned_data
        return Search(
            type=chosen.get("type", ""),
            channel=chosen.get("channel", ""),
            ending=chosen.get("ending", ""),
            recipient=chosen.get("recipient", ""),
            words=chosen.get("q", ""),
            before=chosen.get("before"),
        )

    def is_filtering(self) -> bool:
        self.is_valid()
        return any(self.cleaned_data.get(name) for name in _KEPT)

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter other than the search text is set."""
        self.is_valid()
        return any(self.cleaned_data.get(name) for name in _KEPT if name != "q")

    @property
    def address(self) -> str:
        """The query string that keeps this filter from page to page."""
        self.is_valid()
        kept = {name: self.cleaned_data[name] for name in _KEPT if self.cleaned_data.get(name)}
        return f"?{urlencode(kept)}" if kept else ""
