"""Adapter of django-allauth: error messages, e-mail and address confirmation."""

from contextlib import nullcontext
from typing import Any, cast
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context as allauth_context
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.mail import sender
from accounts.mail.sign_in_messages import LETTERS
from accounts.models import User

CONFIRMATION_SENT = "account/messages/email_confirmation_sent.txt"
LINKS = ("activate_url", "password_reset_url", "signup_url")


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up, sign-in and their e-mail."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This sign-in has been switched off."),
        "duplicate_email": _("You use this e-mail address already."),
        "email_password_mismatch": _("The e-mail address or the password is wrong."),
        "email_taken": _("Somebody uses this e-mail address already."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_code": _("This code is wrong or has expired."),
        "incorrect_password": _("The password is wrong."),
        "invalid_password_reset": _("This link is not valid any more."),
        "rate_limited": _("That was too often in a short time. Try again in a few minutes."),
        "too_many_login_attempts": _("That was too often in a short time. Try again in a few minutes."),
    }

    def new_user(self, request: HttpRequest) -> User:
        return User(language=get_language())

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send in the user's language. If the mail server fails, show a message instead of an error page."""
        person = context.get("user") or User.objects.filter(email=email).first()
        # allauth takes the host from the request, where an attacker may have put another allowed host, or another port.
        own = {name: settings.SITE_URL + urlsplit(context[name]).path for name in LINKS if name in context}
        with sender.locale_of(person) if person else nullcontext():
            sent = sender.send(LETTERS[template_prefix](context | own), to=email)
        if not sent:
            self._tell_that_mail_failed(allauth_context.request, email)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        if message_template == CONFIRMATION_SENT and getattr(request, "account_mail_failed", False):
            return
        super().add_message(request, level, message_template, *args, **kwargs)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Refuse an address that another user signs in with, confirmed or not."""
        if User.objects.filter(email=email_address.email).exclude(pk=email_address.user_id).exists():
            self.add_message(
                request,
                messages.ERROR,
                "account/messages/email_confirmation_failed.txt",
                {"email": email_address.email},
            )
            return False
        return super().confirm_email(request, email_address)

    def _tell_that_mail_failed(self, request: HttpRequest, email: str) -> None:
        cast(Any, request).account_mail_failed = True
        # Otherwise the rate limit would refuse the next attempt.
        ratelimit.clear(request, action="confirm_email", key=email)
        messages.error(request, _("We could not send the e-mail. Please try again in a few minutes."))
