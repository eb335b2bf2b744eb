"""Send e-mail about accounts: at once, without a queue, and independent of notification preferences."""

import logging
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Invitation, SellerAccount, User

from . import member_messages
from .member_messages import MemberMessage

logger = logging.getLogger(__name__)


def send_invitation(invitation: Invitation, token: str) -> bool:
    """Send the link; return False when the mail server did not accept it."""
    account = invitation.account
    invited = User.objects.filter(email=invitation.email).first()
    with locale_of(invited or account):
        letter = member_messages.invitation(
            shop=account.name,
            inviter=invitation.invited_by.name if invitation.invited_by else account.name,
            url=_url("accounts:accept_invitation", token),
            expires_at=invitation.expires_at,
        )
        return send(letter, to=invitation.email)


def send_removed(account: SellerAccount, user: User) -> bool:
    with locale_of(user):
        return send(member_messages.removed(shop=account.name, url=_url("accounts:shops")), to=user.email)


def send_handed_over(account: SellerAccount, *, giver: User, receiver: User) -> bool:
    """Notify both users; return False when one e-mail could not be sent."""
    url = _url("accounts:members", account.public_id)
    with locale_of(receiver):
        to_receiver = member_messages.primary_role_received(shop=account.name, giver=giver.name, url=url)
        receiver_told = send(to_receiver, to=receiver.email)
    with locale_of(giver):
        to_giver = member_messages.primary_role_given(shop=account.name, receiver=receiver.name, url=url)
        giver_told = send(to_giver, to=giver.email)
    return receiver_told and giver_told


@contextmanager
def locale_of(who: User | SellerAccount) -> Iterator[None]:
    """Activate the language and time zone of a user or a shop."""
    with translation.override(who.language), timezone.override(who.time_zone):
        yield


def write(letter: MemberMessage, *, to: str, footer: str = "") -> EmailMultiAlternatives:
    """Build the e-mail in the active language. `footer` says why the recipient gets it."""
    context = {"letter": letter, "footer": footer, "language": translation.get_language()}
    message = EmailMultiAlternatives(
        " ".join(letter.subject.split()),
        render_to_string("accounts/mail/letter.txt", context).strip() + "\n",
        to=[to],
        headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF, AutoReply"},
    )
    message.attach_alternative(render_to_string("accounts/mail/letter.html", context), "text/html")
    return message


def send(letter: MemberMessage, *, to: str) -> bool:
    """Send one e-mail; on failure log it without the address and return False."""
    try:
        write(letter, to=to).send()
    except smtplib.SMTPResponseException as error:
        logger.error("An account mail was refused with %s.", error.smtp_code)  # noqa: TRY400 (the trace names people)
        return False
    except OSError as error:
        logger.error("An account mail could not be sent: %s.", type(error).__name__)  # noqa: TRY400 (as above)
        return False
    return True


def _url(name: str, *arguments: str) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=arguments)}"
