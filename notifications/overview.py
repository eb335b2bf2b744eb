"""What the settings pages show: the catalogue with a shop's choices and addresses laid over it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from accounts.access import primary_user
from accounts.models import SellerAccount, User

from . import addresses, preferences
from .catalogue import GROUPS, Group, NotificationType
from .enums import AddressState, LinkState
from .models import Address
from .preferences import Choice, LineStanding, Standing


@dataclass(frozen=True)
class Book:
    """The addresses of a shop; the default one first, then by name."""

    addresses: tuple[Address, ...]
    default: Address
    primary: User

    @cached_property
    def by_id(self) -> Mapping[UUID, Address]:
        return {address.pk: address for address in self.addresses}

    @property
    def needs_repair(self) -> bool:
        """Whether any address rests."""
        return any(address.state in (AddressState.FAILING, AddressState.REFUSED) for address in self.addresses)

    def destinations(self, choice: Choice) -> tuple[Address, ...]:
        """Where a choice sends e-mail, whether or not the addresses can be reached."""
        return tuple(self.by_id[pk] for pk in choice.addresses if pk in self.by_id) or (self.default,)


@dataclass(frozen=True)
class Row:
    """One notification on the page."""

    choice: Choice
    standing: Standing
    destinations: tuple[Address, ...]
    line: LineStanding
    instead: Address | None = None
    """A required notification goes here while none of its addresses can be reached."""

    @property
    def kind(self) -> NotificationType:
        return self.choice.type

    @property
    def goes_to_default(self) -> bool:
        return not self.choice.addresses


@dataclass(frozen=True)
class Card:
    """One group on the page."""

    group: Group
    rows: tuple[Row, ...]

    @property
    def editable(self) -> bool:
        return any(row.standing != Standing.NOT_IN_PLAN for row in self.rows)


def open_book(account: SellerAccount) -> Book:
    """Load the addresses; two queries once the default address has its row."""
    primary = primary_user(account)
    found = list(Address.objects.filter(account=account).select_related("added_by").order_by("email"))
    default = next((row for row in found if addresses.same(row.email) == addresses.same(primary.email)), None)
    if default is None or default.state == AddressState.UNCONFIRMED:
        default = addresses.default_addresses([account.pk])[account.pk]
    rest = (row for row in found if row.pk != default.pk)
    return Book((default, *rest), default, primary)


def cards(account: SellerAccount, book: Book, choices: Mapping[str, Choice], link: LinkState | None) -> list[Card]:
    """All groups in the catalogue's order; `link`: how LINE stands, None when it is not linked."""
    return [Card(group, tuple(_row(account, book, choices[kind.key], link) for kind in group)) for group in GROUPS]


def _row(account: SellerAccount, book: Book, choice: Choice, link: LinkState | None) -> Row:
    destinations = book.destinations(choice)
    included = preferences.in_plan(choice.type, account.plan)
    line = preferences.line_standing_of(choice, link)
    standing = preferences.standing_of(choice, [address.state for address in destinations], included=included)
    stands_in = book.default.state in preferences.receiving(choice.type)
    if standing == Standing.NOT_REACHING and choice.type.required and stands_in:
        return Row(choice, Standing.REQUIRED, destinations, line, instead=book.default)
    return Row(choice, standing, destinations, line)


def used_for(account: SellerAccount, book: Book, choices: Iterable[Choice]) -> dict[UUID, list[NotificationType]]:
    """For each address, the notifications that go to it by e-mail."""
    used: dict[UUID, list[NotificationType]] = {address.pk: [] for address in book.addresses}
    for choice in choices:
        if choice.email and preferences.in_plan(choice.type, account.plan):
            for address in book.destinations(choice):
                used[address.pk].append(choice.type)
    return used
