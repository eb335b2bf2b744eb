"""The forms of the sign-in pages: those of allauth, with SellerHub's labels."""

from typing import Any

from allauth.account import forms as allauth
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ..members import invitations, memberships
from ..models import Invitation, User
from .fields import AddressField, PlainTextField, TimeZoneField

LABELS = {
    "code": _("Code"),
    "name": _("Name of the key"),
    "oldpassword": _("Current password"),
    "password": _("Password"),
    "password1": _("New password"),
    "password2": _("New password, once more"),
}


class OurWords(forms.Form):
    """Sets SellerHub's labels instead of allauth's, and removes the placeholders that repeat them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name in ("login", "email"):
                self.fields[name] = AddressField()
            elif name in LABELS:
                field.label = LABELS[name]
            field.widget.attrs.pop("placeholder", None)


class LoginForm(OurWords, allauth.LoginForm):
    """Sign in."""


class AddEmailForm(OurWords, allauth.AddEmailForm):
    """Change the address used to sign in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New e-mail address")


class ChangePasswordForm(OurWords, allauth.ChangePasswordForm):
    """Change the password."""


class SetPasswordForm(OurWords, allauth.SetPasswordForm):
    """Set the first password."""


class ResetPasswordForm(OurWords, allauth.ResetPasswordForm):
    """Ask for a new password."""


class ResetPasswordKeyForm(OurWords, allauth.ResetPasswordKeyForm):
    """Set the new password."""


class ReauthenticateForm(OurWords, allauth.ReauthenticateForm):
    """Confirm the identity again, by password."""


class AuthenticateForm(OurWords, mfa.AuthenticateForm):
    """Sign in with the second factor."""


class ReauthenticateByCodeForm(OurWords, mfa.ReauthenticateForm):
    """Confirm the identity again, by code."""


class ActivateTOTPForm(OurWords, totp.ActivateTOTPForm):
    """Switch the authenticator app on."""


class AddWebAuthnForm(OurWords, webauthn.AddWebAuthnForm):
    """Add a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].label = _("Sign in with this key alone (passkey)")
        self.fields["passwordless"].help_text = _(
            "You then need no password. The key must be protected by a fingerprint, your face or a PIN."
        )


class EditWebAuthnForm(OurWords, webauthn.EditWebAuthnForm):
    """Rename a passkey."""


class PersonForm(OurWords, allauth.SignupForm):
    """The fields of every sign-up. The user's language is that of the page."""

    name = PlainTextField(max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    time_zone = TimeZoneField(initial=settings.TIME_ZONE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Your name")
        self.fields["password1"].label = _("Password")

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        try:
            return super().try_save(request)
        except IntegrityError:
            # A second click was faster: respond as for any address that is already registered.
            self.account_already_exists = True
            return super().try_save(request)

    @transaction.atomic
    def save(self, request: HttpRequest) -> User:
        """Save the user, the address and everything related in one transaction."""
        return super().save(request)

    def custom_signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.time_zone = self.cleaned_data["time_zone"]
        user.save(update_fields=["name", "time_zone"])


class SignupForm(PersonForm):
    """Sign up and open a shop."""

    shop_name = PlainTextField(max_length=120, label=_("Shop name"))
    field_order = ("name", "shop_name", "email", "password1", "time_zone")

    def custom_signup(self, request: HttpRequest, user: User) -> None:
        super().custom_signup(request, user)
        memberships.open_account(
            user, name=self.cleaned_data["shop_name"], language=get_language(), time_zone=user.time_zone
        )


class InvitedSignupForm(PersonForm):
    """Sign up with an invitation: the address is the invited one, and no shop is opened."""

    field_order = ("email", "name", "password1", "time_zone")

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation
        # A disabled field ignores what the browser sends.
        self.fields["email"].disabled = True
        self.fields["email"].initial = invitation.email

    def custom_signup(self, request: HttpRequest, user: User) -> None:
        super().custom_signup(request, user)
        invitations.accept(self.invitation, user)
