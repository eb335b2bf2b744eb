"""The filter form of the inbox."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.types.definitions import GROUPS

_GROUPS = [("", _("All groups")), *((group.key, group.title) for group in GROUPS)]


class InboxFilter(forms.Form):
    """Read from the query string; invalid values are ignored, not reported."""

    q = forms.CharField(label=_("Order ID or SKU"), max_length=100, required=False)
    group = forms.ChoiceField(label=_("Group"), choices=_GROUPS, required=False)
    unread = forms.BooleanField(label=_("Unread only"), required=False)
    before = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def choices(self) -> dict[str, Any]:
        """Return the keyword arguments of `inbox.newest`."""
        self.is_valid()
        before: UUID | None = self.cleaned_data.get("before")
        return {
            "search": self.cleaned_data.get("q", ""),
            "group": self.cleaned_data.get("group", ""),
            "unread_only": self.cleaned_data.get("unread", False),
            "before": before,
        }

    def is_filtering(self) -> bool:
        self.is_valid()
        return any(self.cleaned_data.get(name) for name in ("q", "group", "unread"))

    @property
    def address(self) -> str:
        """The query string that keeps this filter from page to page."""
        self.is_valid()
        kept = {name: self.cleaned_data.get(name) for name in ("q", "group") if self.cleaned_data.get(name)}
        if self.cleaned_data.get("unread"):
            kept["unread"] = "on"
        return f"?{urlencode(kept)}" if kept else ""
