"""The form of the emergency phone."""

from django import forms
from django.utils.translation import gettext_lazy as _
from phonenumber_field.phonenumber import PhoneNumber

from accounts.rule_violation import RuleViolationError
from notifications.recipients.emergency_phone import MAX_TYPED_LENGTH, parse


class PhoneForm(forms.Form):
    """One phone number, in any usual notation."""

    phone = forms.CharField(
        label=_("Phone number"),
        max_length=MAX_TYPED_LENGTH,
        help_text=_("A Japanese number such as 090-1234-5678, or a foreign one such as +44 20 7946 0958."),
        error_messages={"required": _("Enter a phone number.")},
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )

    def clean_phone(self) -> PhoneNumber:
        try:
            return parse(self.cleaned_data["phone"])
        except RuleViolationError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
