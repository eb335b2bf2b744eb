"""The data of a seller account's admin page, read in a fixed number of queries; every list is bounded."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F

from accounts.models import Membership, OperatorAction, SellerAccount
from accounts.roles import Role
from notifications.address_health import explanations as failure_words
from notifications.delivery.rendering.site_entries import Entry, entries
from notifications.models import Address, EmergencyContact, LineLink, Notification
from notifications.recipients import preferences
from notifications.recipients.emergency_phone import masked
from notifications.recipients.preferences import DEFAULTS, EffectivePreference
from notifications.types.enums import AddressState
from notifications.web import delivery_report
from notifications.web.delivery_report import DeliveryOutcome

SHOWN = 20
"""Rows of each list; the model's own list has the others."""
_WORST_FIRST = (AddressState.FAILING, AddressState.REFUSED, AddressState.UNCONFIRMED, AddressState.ACTIVE)


@dataclass(frozen=True, slots=True)
class AddressLine:
    address: Address
    why: str
    """Why mail does not arrive; empty where it does."""


@dataclass(frozen=True, slots=True)
class PreferenceLine:
    """A notification type with a preference that differs from the default."""

    choice: EffectivePreference
    addresses: Collection[str]


@dataclass(frozen=True, slots=True)
class NotificationLine:
    entry: Entry
    withheld: str
    roads: Collection[DeliveryOutcome]


@dataclass(frozen=True, slots=True)
class Emergency:
    phone: str
    """Masked: reading numbers needs a permission of its own."""
    confirmed_at: datetime


@dataclass(frozen=True, slots=True)
class Sheet:
    """The contents of the page."""

    members: list[Membership]
    addresses: list[AddressLine]
    preferences: list[PreferenceLine]
    link: LineLink | None
    """The current link, else the one that ended last."""
    emergency: Emergency | None
    news: list[NotificationLine]
    acts: list[OperatorAction]
    shown: int = SHOWN


def sheet_of(account: SellerAccount) -> Sheet:
    """Read all data of the page."""
    members = Membership.objects.filter(account=account).select_related("user")
    own_rows = OperatorAction.objects.filter(account=account)
    return Sheet(
        members=sorted(members.order_by("pk")[:SHOWN], key=lambda member: member.role != Role.PRIMARY),
        addresses=_addresses(account),
        preferences=_preferences(account),
        link=_link(account),
        emergency=_emergency(account),
        news=_news(account),
        acts=list(own_rows.order_by("-pk")[:SHOWN]),
    )


def _addresses(account: SellerAccount) -> list[AddressLine]:
    """Return the addresses, suppressed ones first."""
    rows = list(Address.objects.filter(account=account).order_by("-state_since")[: 5 * SHOWN])
    rows.sort(key=lambda row: _WORST_FIRST.index(row.state))
    return [AddressLine(row, failure_words.reason(row.failure) if row.failure else "") for row in rows[:SHOWN]]


def _preferences(account: SellerAccount) -> list[PreferenceLine]:
    chosen = preferences.load([account.pk]).get(account.pk, {})
    different = [choice for key, choice in chosen.items() if _differs(choice, DEFAULTS[key])]
    wanted = {pk for choice in different for pk in choice.addresses}
    emails: dict[UUID, str] = dict(Address.objects.filter(pk__in=wanted).values_list("pk", "email"))
    return [PreferenceLine(choice, [emails[pk] for pk in choice.addresses if pk in emails]) for choice in different]


def _differs(choice: EffectivePreference, default: EffectivePreference) -> bool:
    return (choice.email, choice.line, choice.addresses) != (default.email, default.line, default.addresses)


def _link(account: SellerAccount) -> LineLink | None:
    links = LineLink.objects.filter(account=account).select_related("line_user", "linked_by")
    return links.order_by(F("ended_at").desc(nulls_first=True)).first()


def _emergency(account: SellerAccount) -> Emergency | None:
    contact = EmergencyContact.objects.filter(account=account).first()
    return Emergency(masked(contact.phone), contact.confirmed_at) if contact else None


def _news(account: SellerAccount) -> list[NotificationLine]:
    rows = list(Notification.objects.filter(account=account).order_by("-pk")[:SHOWN])
    taken = delivery_report.of(rows)
    withheld = {row.pk: row.get_withheld_display() for row in rows}
    return [NotificationLine(entry, withheld[entry.id], taken[entry.id]) for entry in entries(rows, account)]
