"""Confirm e-mail addresses (opt-in): a new address gets one mail, whose link makes the address active."""

from datetime import datetime, timedelta
from enum import Enum
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.activity.member_log import record
from accounts.mail.member_messages import MemberMessage
from accounts.models import SellerAccount, User
from accounts.rule_violation import RuleViolationError
from notifications.channels.base import SendResult
from notifications.channels.email.return_path import AttemptRef
from notifications.models import Address
from notifications.queue import outbox
from notifications.types.enums import AddressState

from . import limits
from .address_book import lock
from .normalisation import same

VALID_FOR = timedelta(days=7)
RECORDED_WITHIN = timedelta(hours=1)
"""Longest time from sending a confirmation mail to recording that it was sent."""


class LinkState(Enum):
    """The state of a confirmation link."""

    VALID = "valid"
    CONFIRMED = "confirmed"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


def token_for(address: Address) -> str:
    """Return a signed token for the current spelling of this address; it does not contain the address itself."""
    return _signer().sign(f"{address.pk.hex}.{_fingerprint(address)}")


def read_link(token: str) -> tuple[LinkState, Address | None]:
    """Return the link's state and its address, which is None when the link is unknown."""
    try:
        address_id, _dot, fingerprint = _signer().unsign(token).partition(".")
        address = Address.objects.select_related("account").get(pk=UUID(address_id))
    except (signing.BadSignature, ValueError, Address.DoesNotExist):
        return LinkState.UNKNOWN, None
    if fingerprint != _fingerprint(address):
        return LinkState.UNKNOWN, None
    if address.state != AddressState.UNCONFIRMED:
        return LinkState.CONFIRMED, address
    try:
        _signer().unsign(token, max_age=VALID_FOR)
    except signing.SignatureExpired:
        return LinkState.EXPIRED, address
    return LinkState.VALID, address


@transaction.atomic
def confirm(address: Address, *, by: User | None = None) -> bool:
    """Make an unconfirmed address active; returns false when it was not unconfirmed."""
    now = timezone.now()
    # Conditional, so that only one of two clicks confirms and a later state is never overwritten.
    confirmed = Address.objects.filter(pk=address.pk, state=AddressState.UNCONFIRMED).update(
        state=AddressState.ACTIVE,
        state_since=now,
        confirmed_at=now,
        confirmation_due_at=None,
        confirmation_answer="",
        trusted_since=now,
        failure="",
    )
    if confirmed:
        record(address.account, "address.confirmed", by=by, address=str(address.pk), email=address.email)
    return bool(confirmed)


@transaction.atomic
def request_again(address: Address, *, by: User) -> None:
    """Enqueue another confirmation mail; raises RuleViolationError above the limits or when none is needed."""
    lock(address.account)
    address.refresh_from_db()
    if address.state != AddressState.UNCONFIRMED:
        raise RuleViolationError(_("%(email)s is confirmed already.") % {"email": address.email})
    limits.check_confirmation_rate(address.account, address.email)
    limits.count_across_shops([address.email])
    Address.objects.filter(pk=address.pk).update(
        confirmation_due_at=timezone.now(), confirmation_tries=0, confirmation_answer=""
    )
    record(address.account, limits.REQUESTED, by=by, address=str(address.pk), email=address.email)


def send_due_confirmations() -> int:
    """Send due confirmation mails, up to one outbox batch; returns how many were attempted."""
    unconfirmed = Address.objects.filter(state=AddressState.UNCONFIRMED)
    claimed = outbox.claim(unconfirmed, due="confirmation_due_at", tries="confirmation_tries")
    accounts = SellerAccount.objects.in_bulk({address.account_id for address in claimed})
    for address in claimed:
        address.account = accounts[address.account_id]
    for address, verdict, words in outbox.send_each(claimed, _mail):
        _settle(address, verdict, words)
    return len(claimed)


def came_back(address: Address, *, sent_at: datetime, words: str) -> None:
    """Record that a confirmation mail sent at `sent_at` bounced, unless a newer one was sent."""
    mine = Address.objects.filter(pk=address.pk, state=AddressState.UNCONFIRMED, confirmation_due_at=None)
    mine.filter(confirmation_sent_at__lte=sent_at + RECORDED_WITHIN).update(confirmation_answer=words[:300])


def _settle(address: Address, verdict: SendResult, words: str) -> None:
    # Only if unchanged since the claim: a user may have requested another mail meanwhile.
    mine = Address.objects.filter(pk=address.pk, confirmation_due_at=address.confirmation_due_at)
    if verdict is SendResult.ACCEPTED:
        mine.update(confirmation_due_at=None, confirmation_sent_at=timezone.now(), confirmation_answer="")
    elif verdict is SendResult.REFUSED or outbox.exhausted(address.confirmation_tries):
        mine.update(confirmation_due_at=None, confirmation_answer=words)
    else:
        mine.update(confirmation_answer=words)


def _mail(address: Address) -> EmailMultiAlternatives:
    shop = address.account.name
    with translation.override(address.language or address.account.language):
        letter = MemberMessage(
            subject=_("Confirm this address for notifications of %(shop)s") % {"shop": shop},
            paragraphs=(
                _("The shop %(shop)s on SellerHub wants to have notifications sent to %(email)s.")
                % {"shop": shop, "email": address.email},
                _("If you agree, open the link and press the button. Until then nothing else is sent here."),
            ),
            action=(_("Confirm the address"), settings.SITE_URL + _path(address)),
            notes=(
                _("The link is valid for %(days)d days.") % {"days": VALID_FOR.days},
                _("If you do not know the shop, ignore this e-mail. Nothing more will come then."),
            ),
        )
        footer = _("You get this e-mail because somebody at %(shop)s entered your address.") % {"shop": shop}
        mail = outbox.write(letter, to=address.email, footer=footer)
    outbox.have_it_come_back(mail, AttemptRef(address.pk, timezone.now()))
    return mail


def _path(address: Address) -> str:
    return reverse("notifications:confirm_address", args=[token_for(address)])


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="notifications.recipients.email_addresses.confirmation")


def _fingerprint(address: Address) -> str:
    return sha256(same(address.email).encode()).hexdigest()[:20]
