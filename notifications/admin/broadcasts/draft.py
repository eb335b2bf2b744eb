"""The form in which an operator writes a broadcast."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import MarketplaceRegion, Plan

from ...models import Broadcast
from ...operations.broadcasts.audience import MAX_SELLERS, read_list
from ...operations.broadcasts.content import problems

MAX_NAMED = 20
"""Unknown seller IDs listed in one error."""


def _several(label: Any, choices: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None ticked: all."),
    )


class DraftForm(forms.ModelForm):
    """Validates everything that would keep the broadcast from being sent."""

    plans = _several(capfirst(gettext_lazy("selling plans")), Plan.choices)
    languages = _several(capfirst(gettext_lazy("languages")), settings.LANGUAGES)
    regions = _several(capfirst(gettext_lazy("marketplace regions")), MarketplaceRegion.choices)
    sellers = forms.CharField(
        label=capfirst(gettext_lazy("sellers")),
        required=False,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=gettext_lazy("Seller IDs, parted by spaces, commas or lines. Empty: all who fit the rest."),
    )

    class Meta:
        model = Broadcast
        fields = (
            *("type", "title_ja", "title_en", "body_ja", "body_en", "starts_at", "ends_at"),
            *("region_ja", "region_en", "plans", "languages", "regions", "sellers", "scheduled_for"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["sellers"] = "\n".join(self.instance.sellers)

    def clean_sellers(self) -> list[str]:
        """Return the seller IDs of the list; the error names the unknown ones."""
        found = read_list(self.cleaned_data["sellers"])
        if len(found.known) + len(found.unknown) > MAX_SELLERS:
            raise forms.ValidationError(_("These are more than %(most)s sellers.") % {"most": f"{MAX_SELLERS:,}"})
        if found.unknown:
            named = ", ".join(found.unknown[:MAX_NAMED])
            if len(found.unknown) > MAX_NAMED:
                raise forms.ValidationError(
                    _("%(count)s of these sellers do not exist. The first are: %(ids)s")
                    % {"count": f"{len(found.unknown):,}", "ids": named}
                )
            raise forms.ValidationError(_("These sellers do not exist: %(ids)s") % {"ids": named})
        return found.known

    def clean_body_ja(self) -> str:
        return _lines(self.cleaned_data["body_ja"])

    def clean_body_en(self) -> str:
        return _lines(self.cleaned_data["body_en"])

    def _post_clean(self) -> None:
        """Validate the broadcast as a whole, once every field is set."""
        super()._post_clean()  # type: ignore[misc]
        if not self.errors:
            for field, sentence in problems(self.instance):
                self.add_error(field or None, sentence)


def _lines(text: str) -> str:
    """Normalise line ends: browsers send CRLF."""
    return text.replace("\r\n", "\n")
