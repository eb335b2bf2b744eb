"""The emergency phone of a seller account: how to call it when large-scale events touch orders."""

import unicodedata
from datetime import datetime

import phonenumbers
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from phonenumber_field.phonenumber import PhoneNumber

from accounts.activity.member_log import record
from accounts.mail.member_messages import MemberMessage
from accounts.mail.sender import locale_of
from accounts.members.access import primary_user
from accounts.models import SellerAccount, User
from accounts.rule_violation import RuleViolationError
from notifications.channels.base import SendResult
from notifications.models import EmergencyContact, EmergencyNotice
from notifications.queue import outbox

HOME_REGION = "JP"
MAX_TYPED_LENGTH = 60
_DIGITS_SHOWN = 4


def parse(typed: str) -> PhoneNumber:
    """Read a Japanese number, or a foreign one with its country code; raises RefusedError with a sentence."""
    text = unicodedata.normalize("NFKC", typed).strip()
    if not text or len(text) > MAX_TYPED_LENGTH:
        raise RuleViolationError(_("Enter a phone number."))
    try:
        number = PhoneNumber.from_string(text, region=HOME_REGION)
    except phonenumbers.NumberParseException:
        raise RuleViolationError(_not_a_number()) from None
    if number.extension:
        raise RuleViolationError(_("Enter a number without an extension: an emergency call must ring directly."))
    if not number.is_valid():
        raise RuleViolationError(_not_a_number())
    return number


def _not_a_number() -> str:
    return _(
        "That is not a phone number that can be called. Enter a Japanese number such as 090-1234-5678,"
        " or a foreign one with its country code, such as +44 20 7946 0958."
    )


def shown(number: PhoneNumber) -> str:
    """In the national format for Japan, otherwise in the international one."""
    japanese = number.country_code == phonenumbers.country_code_for_region(HOME_REGION)
    return str(number.as_national if japanese else number.as_international)


def masked(number: PhoneNumber) -> str:
    """The number with all but its last digits hidden, for mail and history."""
    text = shown(number)
    digits = [at for at, character in enumerate(text) if character.isdigit()]
    hidden = set(digits[:-_DIGITS_SHOWN])
    return "".join("*" if at in hidden else character for at, character in enumerate(text))


@transaction.atomic
def set_phone(account: SellerAccount, number: PhoneNumber, *, by: User) -> bool:
    """Keep a number as confirmed now, and owe the primary user a notice. False when it was the same before."""
    now = timezone.now()
    contact, created = EmergencyContact.objects.select_for_update().get_or_create(
        account=account, defaults={"phone": number, "changed_by": by}
    )
    if not created and contact.phone == number:
        contact.confirmed_at = now
        contact.save(update_fields=["confirmed_at"])
        return False
    before = "" if created else masked(contact.phone)
    contact.phone, contact.confirmed_at, contact.changed_at, contact.changed_by = number, now, now, by
    contact.save()
    record(account, "emergency.changed", by=by, phone=masked(number), before=before)
    _enqueue_notice(account, masked(number), by=by)
    return True


@transaction.atomic
def still_right(account: SellerAccount, *, by: User) -> datetime | None:
    """Somebody looked at the number and confirmed it: when, or None without a number."""
    now = timezone.now()
    if not EmergencyContact.objects.filter(account=account).update(confirmed_at=now):
        return None
    record(account, "emergency.confirmed", by=by)
    return now


@transaction.atomic
def remove(account: SellerAccount, *, by: User) -> bool:
    """Forget the number and owe the primary user a notice; false when there was none."""
    contact = EmergencyContact.objects.select_for_update().filter(account=account).first()
    if contact is None:
        return False
    record(account, "emergency.removed", by=by, phone=masked(contact.phone))
    contact.delete()
    _enqueue_notice(account, "", by=by)
    return True


def _enqueue_notice(account: SellerAccount, masked_number: str, *, by: User) -> None:
    # Of several quick changes the last is told: one mail, not five.
    EmergencyNotice.objects.filter(account=account, tries=0).delete()
    EmergencyNotice.objects.create(account=account, masked=masked_number, by_name=by.name)


def send_due_notices() -> int:
    """Send notices that are due, a bounded number of them; returns how many were tried."""
    claimed = outbox.claim(EmergencyNotice.objects.all(), due="due_at", tries="tries")
    accounts = SellerAccount.objects.in_bulk({notice.account_id for notice in claimed})

    def write(notice: EmergencyNotice) -> EmailMultiAlternatives:
        return _mail(notice, accounts[notice.account_id])

    for notice, verdict, _words in outbox.send_each(claimed, write):
        if verdict in (SendResult.ACCEPTED, SendResult.REFUSED) or outbox.exhausted(notice.tries):
            notice.delete()
    return len(claimed)


def _mail(notice: EmergencyNotice, account: SellerAccount) -> EmailMultiAlternatives:
    reader = primary_user(account)
    with locale_of(reader):
        words = {
            "shop": account.name,
            "name": notice.by_name,
            "phone": notice.masked,
            "when": date_format(timezone.localtime(notice.at), "DATETIME_FORMAT"),
        }
        if notice.masked:
            subject = _("The emergency phone of %(shop)s was changed") % words
            happened = _("%(name)s changed the emergency phone of %(shop)s to %(phone)s on %(when)s.") % words
        else:
            subject = _("The emergency phone of %(shop)s was removed") % words
            happened = _("%(name)s removed the emergency phone of %(shop)s on %(when)s.") % words
        url = settings.SITE_URL + reverse("notifications:options", args=[account.public_id]) + "#emergency"
        letter = MemberMessage(
            subject=subject,
            paragraphs=(
                happened,
                _("We call this number when a large-scale event may touch your orders or shipments."),
            ),
            action=(_("Look at the emergency phone"), url),
            notes=(_("If this change was not meant, enter the right number and look at the shop’s members."),),
        )
        footer = _("You get this e-mail because you are the primary user of %(shop)s.") % words
        return outbox.write_to_member(letter, account, to=reader.email, footer=footer)
