"""Form field for a seller ID, because a select box of thousands of sellers is not usable."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import SellerAccount


class SellerIdField(forms.ModelChoiceField):
    """A typed seller ID; lower case is accepted."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            queryset=SellerAccount.objects.all(),
            to_field_name="public_id",
            widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off", "maxlength": 32}),
            label=options.pop("label", _("seller ID")),
            error_messages={"invalid_choice": _("There is no shop with this seller ID.")},
            **options,
        )

    def prepare_value(self, value: Any) -> Any:
        """Return the seller ID also where the form has the primary key."""
        if isinstance(value, int):
            return SellerAccount.objects.filter(pk=value).values_list("public_id", flat=True).first()
        return super().prepare_value(value)

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.strip().upper() if isinstance(value, str) else value)
