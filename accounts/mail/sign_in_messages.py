"""Contents of the e-mails of the sign-in pages, in the active language."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from .member_messages import MemberMessage, moment, not_you

LetterOf = Callable[[Mapping[str, Any]], MemberMessage]


def _confirm_at_sign_up(context: Mapping[str, Any]) -> MemberMessage:
    return MemberMessage(
        subject=_("Confirm your e-mail address"),
        paragraphs=(
            _("Welcome to SellerHub, %(name)s.") % {"name": context["user"].name},
            _("Please confirm that this e-mail address is yours. After that you can sign in."),
        ),
        action=(_("Confirm the e-mail address"), context["activate_url"]),
        notes=(
            _("The link is valid for 3 days."),
            _("If you did not sign up, ignore this e-mail. Nothing happens then."),
        ),
    )


def _confirm(context: Mapping[str, Any]) -> MemberMessage:
    return MemberMessage(
        subject=_("Confirm your e-mail address"),
        paragraphs=(
            _("%(name)s wants to use this e-mail address to sign in to SellerHub.") % {"name": context["user"].name},
            _("If that is you, please confirm that the address is yours."),
        ),
        action=(_("Confirm the e-mail address"), context["activate_url"]),
        notes=(
            _("The link is valid for 3 days."),
            _("If it was not you, ignore this e-mail. Nothing changes then."),
        ),
    )


def _already_registered(context: Mapping[str, Any]) -> MemberMessage:
    return MemberMessage(
        subject=_("You already have a SellerHub account"),
        paragraphs=(
            _("Somebody, probably you, tried to sign up to SellerHub with this e-mail address."),
            _("It belongs to an account already. If you forgot the password, you can set a new one."),
        ),
        action=(_("Set a new password"), context["password_reset_url"]),
        notes=(_("If it was not you, ignore this e-mail. Nothing changes then."),),
    )


def _unknown_address(context: Mapping[str, Any]) -> MemberMessage:
    return MemberMessage(
        subject=_("No SellerHub account has this e-mail address"),
        paragraphs=(
            _("Somebody, probably you, asked for a new password for this e-mail address."),
            _("No account has this address. Perhaps you signed up with another one."),
        ),
        action=(_("Sign up"), context["signup_url"]),
        notes=(_("If it was not you, ignore this e-mail. Nothing changes then."),),
    )


def _reset_password(context: Mapping[str, Any]) -> MemberMessage:
    return MemberMessage(
        subject=_("Set a new password"),
        paragraphs=(_("Somebody, probably you, asked for a new password for your SellerHub account."),),
        action=(_("Set a new password"), context["password_reset_url"]),
        notes=(
            _("The link works once."),
            _("If it was not you, ignore this e-mail. Your password stays as it is."),
        ),
    )


def _change(subject: Callable[[], str], sentence: Callable[[Mapping[str, Any]], str]) -> LetterOf:
    """Return a function that builds the e-mail about a changed sign-in, with IP address and browser of the change."""

    def letter(context: Mapping[str, Any]) -> MemberMessage:
        return MemberMessage(
            subject=subject(),
            paragraphs=(
                sentence(context),
                not_you(),
            ),
            notes=(
                _("When: %(when)s") % {"when": moment(context["timestamp"])},
                _("From the IP address: %(ip)s") % {"ip": context["ip"]},
                _("Browser: %(browser)s") % {"browser": context["user_agent"]},
            ),
        )

    return letter


LETTERS: Mapping[str, LetterOf] = {
    "account/email/account_already_exists": _already_registered,
    "account/email/email_changed": _change(
        lambda: _("Your e-mail address was changed"),
        lambda context: (
            _("You sign in to SellerHub with %(new)s from now on, no longer with %(old)s.")
            % {"new": context["to_email"], "old": context["from_email"]}
        ),
    ),
    "account/email/email_confirm": _change(
        lambda: _("Your e-mail address is confirmed"),
        lambda context: _("The e-mail address of your SellerHub account was confirmed."),
    ),
    "account/email/email_confirmation": _confirm,
    "account/email/email_confirmation_signup": _confirm_at_sign_up,
    "account/email/email_deleted": _change(
        lambda: _("An e-mail address was removed"),
        lambda context: (
            _("The e-mail address %(email)s was removed from your SellerHub account.")
            % {"email": context["deleted_email"]}
        ),
    ),
    "account/email/password_changed": _change(
        lambda: _("Your password was changed"),
        lambda context: _("The password of your SellerHub account was changed."),
    ),
    "account/email/password_reset": _change(
        lambda: _("Your password was changed"),
        lambda context: _("The password of your SellerHub account was set anew."),
    ),
    "account/email/password_reset_key": _reset_password,
    "account/email/password_set": _change(
        lambda: _("Your password was set"),
        lambda context: _("A password was set for your SellerHub account."),
    ),
    "account/email/unknown_account": _unknown_address,
    "mfa/email/recovery_codes_generated": _change(
        lambda: _("You have new recovery codes"),
        lambda context: _(
            "New recovery codes were made for your SellerHub account. The old ones do not work any more."
        ),
    ),
    "mfa/email/totp_activated": _change(
        lambda: _("Your authenticator app is switched on"),
        lambda context: _(
            "Signing in to your SellerHub account asks for a code of your authenticator app from now on."
        ),
    ),
    "mfa/email/totp_deactivated": _change(
        lambda: _("Your authenticator app is switched off"),
        lambda context: _("Signing in to your SellerHub account no longer asks for a code of your authenticator app."),
    ),
    "mfa/email/webauthn_added": _change(
        lambda: _("A passkey was added"),
        lambda context: _("A passkey or security key was added to your SellerHub account."),
    ),
    "mfa/email/webauthn_removed": _change(
        lambda: _("A passkey was removed"),
        lambda context: _("A passkey or security key was removed from your SellerHub account."),
    ),
}
"""The content of each e-mail of the sign-in pages, by allauth's template prefix."""
