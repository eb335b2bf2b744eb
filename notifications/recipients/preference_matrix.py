"""Build the settings pages' data: all notification types with an account's preferences and addresses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from accounts.members.access import primary_user
from accounts.models import SellerAccount, User
from notifications.models import Address, Unsubscription
from notifications.types.definitions import GROUPS, TYPES, Group, NotificationType
from notifications.types.enums import AddressState, LinkState

from . import email_addresses, preferences
from .preferences import DEFAULTS, EffectivePreference, LinePreferenceStatus, PreferenceStatus


@dataclass(frozen=True)
class AddressBook:
    """The addresses of a seller account; the default one first, then in alphabetical order."""

    addresses: tuple[Address, ...]
    default: Address
    primary: User

    @cached_property
    def by_id(self) -> Mapping[UUID, Address]:
        return {address.pk: address for address in self.addresses}

    @property
    def needs_repair(self) -> bool:
        """Whether any address is suppressed."""
        return any(address.state in (AddressState.FAILING, AddressState.REFUSED) for address in self.addresses)

    @cached_property
    def stopped(self) -> Mapping[tuple[UUID, str], datetime]:
        """When a recipient unsubscribed, by address id and notification type."""
        return {
            (address.pk, type_key): at
            for address in self.addresses
            for type_key, at in zip(
                getattr(address, "stopped_types", ()), getattr(address, "stopped_at", ()), strict=True
            )
        }

    def destinations(self, choice: EffectivePreference) -> tuple[Address, ...]:
        """Return the addresses that a preference names, or the default one, whatever their state."""
        return tuple(self.by_id[pk] for pk in choice.addresses if pk in self.by_id) or (self.default,)


@dataclass(frozen=True)
class Recipient:
    """One address to which a notification goes."""

    address: Address
    stopped_at: datetime | None
    """When its recipient unsubscribed from the notification."""


@dataclass(frozen=True)
class Row:
    """One notification type on the page."""

    choice: EffectivePreference
    standing: PreferenceStatus
    goals: tuple[Recipient, ...]
    line: LinePreferenceStatus
    instead: Address | None = None
    """The default address, if a required notification goes there because none of its own can be reached."""

    @property
    def kind(self) -> NotificationType:
        return self.choice.type

    @property
    def goes_to_default(self) -> bool:
        return not self.choice.addresses


@dataclass(frozen=True)
class Card:
    """One group of notification types on the page."""

    group: Group
    rows: tuple[Row, ...]

    @property
    def editable(self) -> bool:
        return any(row.standing != PreferenceStatus.NOT_IN_PLAN for row in self.rows)


def load_address_book(account: SellerAccount) -> AddressBook:
    """Load the account's addresses with their unsubscriptions; two queries once the default address has its row."""
    primary = primary_user(account)
    stopped = Unsubscription.objects.filter(address=OuterRef("pk")).order_by("pk")
    rows = Address.objects.filter(account=account).select_related("added_by")
    rows = rows.annotate(
        stopped_types=ArraySubquery(stopped.values("type")), stopped_at=ArraySubquery(stopped.values("at"))
    )
    found: list[Address] = list(rows.order_by("email"))
    default = next(
        (row for row in found if email_addresses.same(row.email) == email_addresses.same(primary.email)), None
    )
    if default is None or default.state == AddressState.UNCONFIRMED:
        default = email_addresses.default_addresses([account.pk])[account.pk]
    rest = (row for row in found if row.pk != default.pk)
    return AddressBook((default, *rest), default, primary)


def cards(
    account: SellerAccount, book: AddressBook, choices: Mapping[str, EffectivePreference], link: LinkState | None
) -> list[Card]:
    """Return all groups in the catalogue's order; `link`: state of the LINE link, None when there is none."""
    return [Card(group, tuple(_row(account, book, choices[kind.key], link) for kind in group)) for group in GROUPS]


def _row(account: SellerAccount, book: AddressBook, choice: EffectivePreference, link: LinkState | None) -> Row:
    goals = tuple(
        Recipient(address, book.stopped.get((address.pk, choice.type.key))) for address in book.destinations(choice)
    )
    states = [goal.address.state for goal in goals if goal.stopped_at is None]
    included = preferences.in_plan(choice.type, account.plan)
    line = preferences.line_preference_status(choice, link)
    standing = preferences.preference_status(choice, states, included=included)
    stands_in = book.default.state in preferences.receiving(choice.type)
    if standing == PreferenceStatus.NOT_REACHING and choice.type.required and stands_in:
        return Row(choice, PreferenceStatus.REQUIRED, goals, line, instead=book.default)
    return Row(choice, standing, goals, line)


def used_for(
    account: SellerAccount, book: AddressBook, choices: Iterable[EffectivePreference]
) -> dict[UUID, list[NotificationType]]:
    """Return the notification types that go to each address by e-mail, by address id."""
    used: dict[UUID, list[NotificationType]] = {address.pk: [] for address in book.addresses}
    for choice in choices:
        if choice.email and preferences.in_plan(choice.type, account.plan):
            for address in book.destinations(choice):
                if (address.pk, choice.type.key) not in book.stopped:
                    used[address.pk].append(choice.type)
    return used


def stopped_at(book: AddressBook, address: Address) -> list[tuple[NotificationType, datetime]]:
    """Return the types that an address's recipient unsubscribed from, with the time, in the catalogue's order."""
    return [
        (kind, book.stopped[address.pk, kind.key]) for kind in TYPES.values() if (address.pk, kind.key) in book.stopped
    ]


def reaches_others(address: Address, kind: NotificationType) -> bool:
    """Return whether an optional notification goes by e-mail to any other address of the account."""
    account = address.account
    choice = preferences.load([account.pk], [kind.key]).get(account.pk, {}).get(kind.key, DEFAULTS[kind.key])
    if not choice.email or not preferences.in_plan(kind, account.plan):
        return False
    active = Address.objects.filter(account=account, state=AddressState.ACTIVE).exclude(pk=address.pk)
    if choice.addresses:
        active = active.filter(pk__in=choice.addresses)
    else:
        active = active.filter(email__iexact=primary_user(account).email)
    return active.exclude(unsubscriptions__type=kind.key).exists()
