"""Forms about a single e-mail address."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.rule_violation import RuleViolationError
from notifications.recipients.email_addresses import OPTIONAL_TYPES, normalise
from notifications.recipients.email_addresses.normalisation import MAX_TYPED_LENGTH


class LanguageForm(forms.Form):
    """Choose the language of e-mail to an address."""

    language = forms.ChoiceField(
        label=_("Language of the mail"),
        required=False,
        choices=[("", _("The shop’s language")), *settings.LANGUAGES],
    )


class SendAgainForm(forms.Form):
    """Choose notification types to resume that the recipient of an address unsubscribed from."""

    types = forms.MultipleChoiceField(choices=[(key, key) for key in OPTIONAL_TYPES])


class AddAddressForm(LanguageForm):
    """Add an address to the account's address book."""

    email = forms.CharField(
        label=_("E-mail address"),
        max_length=MAX_TYPED_LENGTH,
        error_messages={"required": _("Enter an e-mail address.")},
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ("email", "language")

    def clean_email(self) -> str:
        return _normal(self.cleaned_data["email"])


class ReplaceAddressForm(forms.Form):
    """Replace a suppressed address by another one."""

    email = forms.CharField(
        label=_("New address"),
        max_length=MAX_TYPED_LENGTH,
        error_messages={"required": _("Enter an e-mail address.")},
        widget=forms.TextInput(
            attrs={
                "inputmode": "email",
                "autocomplete": "off",
                "spellcheck": "false",
                "list": "others",
                "autofocus": True,
            }
        ),
    )

    def clean_email(self) -> str:
        return _normal(self.cleaned_data["email"])


def _normal(typed: str) -> str:
    try:
        return normalise(typed)
    except RuleViolationError as refusal:
        raise forms.ValidationError(str(refusal)) from refusal
