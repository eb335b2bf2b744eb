"""Explain to sellers why an address is suppressed and what they can do about it (translated texts)."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..models import Address
from ..types.enums import AWAITED, BounceReason
from .assessment import COMPLAINT

CARRIERS = frozenset(
    (
        *("docomo.ne.jp", "ezweb.ne.jp", "au.com", "softbank.ne.jp", "i.softbank.jp", "vodafone.ne.jp"),
        *("ymobile.ne.jp", "ymobile1.ne.jp", "yahoo.ne.jp", "willcom.com", "rakumail.jp", "uqmobile.jp"),
    )
)
"""Domains of Japanese mobile carriers, which report an unknown user also when the user's own filter refused."""


def of(address: Address) -> dict[str, str]:
    """Return the texts `reason`, `advice` and `next_step`; empty for an address that works."""
    if not address.failure or address.failure == AWAITED:
        return {}
    return {
        "reason": reason(address.failure),
        "advice": advice(address.failure, address.email),
        "next_step": next_step(address.failure, address.next_try_at),
    }


def reason(cause: str) -> str:
    """Return why mail does not arrive, as a sentence."""
    if cause == COMPLAINT:
        return _("The recipient reported our mail as spam.")
    if cause == AWAITED:
        return _("The address has not been confirmed.")
    return str(BounceReason(cause).label) if cause in BounceReason.values else _("Mail does not arrive.")


def advice(cause: str, email: str) -> str:
    """Return what a seller can do about it, as one or more sentences."""
    match cause:
        case BounceReason.MAILBOX_FULL:
            return _("Make room in the mailbox, then reset the address.")
        case BounceReason.UNKNOWN_USER if is_carrier(email):
            return _(
                "Either the address does not exist, or the filter of the mobile phone refuses our mail."
                " Check the spelling, and allow mail from our domain in the phone’s settings."
            )
        case BounceReason.UNKNOWN_USER | BounceReason.HOST_UNKNOWN:
            return _("Check the spelling, or put another address in its place.")
        case BounceReason.SUSPENDED:
            return _("Ask the mail provider why the mailbox is switched off, or put another address in its place.")
        case BounceReason.BLOCKED_BY_PROVIDER:
            return _("Ask your mail provider or your administrator to accept our mail, then reset the address.")
        case BounceReason.EXPIRED:
            return _("Ask your mail provider whether its server works, then reset the address.")
        case _ if cause == COMPLAINT:
            return _(
                "Required notifications still go there."
                " If it was a mistake, reset the address and the others go on, too."
            )
        case _:
            return _("Ask your mail provider about technical problems, then reset the address.")


def next_step(cause: str, next_try_at: datetime | None) -> str:
    """Return what happens if nobody acts, as one or more sentences."""
    if cause == COMPLAINT:
        return _("Optional notifications for it are kept.")
    if next_try_at is not None:
        when = date_format(timezone.localtime(next_try_at), "DATETIME_FORMAT")
        return _("Its notifications are kept. One of them is tried again on %(date)s.") % {"date": when}
    return _("Its notifications are kept until you reset the address or put another one in its place.")


def is_carrier(email: str) -> bool:
    """Return whether the mailbox is at a Japanese mobile carrier."""
    domain = email.rpartition("@")[2].lower()
    return domain in CARRIERS or any(domain.endswith(f".{carrier}") for carrier in CARRIERS)
