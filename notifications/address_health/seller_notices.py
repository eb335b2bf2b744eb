"""Notify the primary user by another address or LINE that e-mail fails: mail cannot report its own failure."""

import logging
from collections.abc import Sequence
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.mail.member_messages import MemberMessage
from accounts.mail.sender import locale_of
from accounts.members.access import primary_user
from accounts.models import SellerAccount, User

from ..channels.base import SendResult
from ..channels.email.mailbox import UnusableAddressError
from ..models import Address, FailureNotice, LineNotice
from ..queue import outbox
from ..recipients import email_addresses, line_account
from ..types.enums import AddressState, Channel, LinkState
from . import explanations

logger = logging.getLogger(__name__)

A_DAY = timedelta(days=1)
GATHER_FOR = timedelta(minutes=2)
"""Failures within this time are reported in one mail."""
MAX_NAMED = 10
_RESTING = (AddressState.FAILING, AddressState.REFUSED)


def enqueue_notices(address: Address) -> None:
    """Add notices about a failure to the outbox: one a day for each channel, however many addresses fail.

    Failures after the day's notice are reported the day after.
    """
    now, today = timezone.now(), timezone.localdate()
    for channel, wait in ((Channel.EMAIL, GATHER_FOR), (Channel.LINE, timedelta())):
        notice, _is_new = FailureNotice.objects.get_or_create(
            account_id=address.account_id, channel=channel, day=today, defaults={"due_at": now + wait}
        )
        if notice.due_at is None:
            FailureNotice.objects.get_or_create(
                account_id=address.account_id,
                channel=channel,
                day=today + A_DAY,
                defaults={"due_at": now + A_DAY},
            )


def suppressed_addresses(account: SellerAccount) -> list[Address]:
    """Return the account's suppressed addresses, those suppressed longest first, up to MAX_NAMED."""
    rows = Address.objects.filter(account=account, state__in=_RESTING)
    return list(rows.order_by("state_since")[:MAX_NAMED])


def send_due_notices() -> int:
    """Send due notices, up to one outbox batch; returns how many were attempted."""
    claimed = outbox.claim(FailureNotice.objects.select_related("account"), due="due_at", tries="tries")
    by_mail = []
    for notice in claimed:
        if not suppressed_addresses(notice.account):
            _settle(notice, "repaired meanwhile")
        elif notice.channel == Channel.LINE:
            _settle(notice, _hand_over_to_line(notice.account))
        else:
            by_mail.append(notice)
    for notice, verdict, _said in outbox.send_each(by_mail, _mail):
        if verdict is SendResult.ACCEPTED:
            _settle(notice, "sent")
        elif verdict is SendResult.REFUSED or outbox.exhausted(notice.tries):
            _settle(notice, "not taken")
    return len(claimed)


def _hand_over_to_line(account: SellerAccount) -> str:
    link = line_account.current(account) if settings.LINE else None
    if link is None or link.state != LinkState.LIVE:
        return "nothing arrives on LINE"
    LineNotice.objects.create(
        kind=LineNotice.Kind.EMAIL_FAILS,
        line_user_id=link.line_user_id,
        link=link,
        shop=account.name,
        shop_language=account.language,
    )
    return "handed over"


def _settle(notice: FailureNotice, outcome: str) -> None:
    FailureNotice.objects.filter(pk=notice.pk).update(due_at=None, outcome=outcome)


def _mail(notice: FailureNotice) -> EmailMultiAlternatives:
    """Return the notice as a mail; raises UnusableAddressError when no address of the primary user works."""
    account = notice.account
    reader = primary_user(account)
    to = _working_address(account, reader)
    if to is None:
        raise UnusableAddressError("No address of the primary user works.")
    with locale_of(reader):
        letter = _letter(account, suppressed_addresses(account))
        footer = _("You get this e-mail because you are the primary user of %(shop)s.") % {"shop": account.name}
        return outbox.write_to_member(letter, account, to=to, footer=footer)


def _letter(account: SellerAccount, failing: Sequence[Address]) -> MemberMessage:
    told = {"shop": account.name}
    return MemberMessage(
        subject=_("Notifications of %(shop)s do not arrive by e-mail") % told,
        paragraphs=(
            _("These addresses of the shop %(shop)s do not get their notifications:") % told,
            *(
                _("%(email)s: %(reason)s") % {"email": one.email, "reason": explanations.reason(one.failure)}
                for one in failing
            ),
            _("What does not arrive is kept. Open the addresses to see why, and to mend it."),
        ),
        action=(
            _("See the addresses"),
            settings.SITE_URL + reverse("notifications:addresses", args=[account.public_id]),
        ),
        notes=(_("You get this at most once a day."),),
    )


def _working_address(account: SellerAccount, reader: User) -> str | None:
    """Return an address of the primary user that is not suppressed in this account; None when there is none."""
    verified = EmailAddress.objects.filter(user=reader, verified=True).order_by("-primary", "pk")
    known = [reader.email, *verified.values_list("email", flat=True)]
    rows = Address.objects.filter(account=account, state__in=_RESTING).values_list("email", flat=True)
    failing = {email_addresses.same(email) for email in rows}
    return next((email for email in known if email_addresses.same(email) not in failing), None)
