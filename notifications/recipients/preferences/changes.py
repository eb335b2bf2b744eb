"""Save the preferences that a user submits, all of them or none."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.activity.member_log import record
from accounts.models import SellerAccount, User
from accounts.rule_violation import RuleViolationError
from notifications.models import Address, Preference, PreferenceAddress
from notifications.types.enums import AddressState

from .. import email_addresses
from .loading import EffectivePreference, in_plan, load_all

ADDRESSES_PER_TYPE = 20


@dataclass(frozen=True, slots=True)
class PreferenceInput:
    """The preference that a user submits for one notification type."""

    email: bool
    addresses: tuple[UUID, ...]
    """Addresses of the account. The default address alone is stored as "default", so it follows later changes."""
    new: tuple[str, ...] = ()
    """Further normalised addresses, which the account may not have yet."""
    seen_version: int = 0
    """The version of the preference that the user saw."""
    line: bool | None = None
    """None: unchanged."""


@dataclass(frozen=True, slots=True)
class Change:
    """The changed preference of one type."""

    before: EffectivePreference
    email: bool
    addresses: tuple[str, ...]
    """E-mail addresses; empty means the default address."""
    line: bool
    mail_differs: bool
    """False when only LINE was changed."""

    @property
    def type_key(self) -> str:
        return self.before.type.key


@dataclass(frozen=True, slots=True)
class Saved:
    """The result of a save."""

    changes: tuple[Change, ...]
    unconfirmed: tuple[str, ...]
    """Addresses that the save added and that are not confirmed yet."""


class ConflictError(Exception):
    """Another user saved in between. `theirs` holds the current preferences of the types in conflict."""

    def __init__(self, theirs: Mapping[str, EffectivePreference]) -> None:
        super().__init__("Somebody else saved in between.")
        self.theirs = theirs


@transaction.atomic
def save(account: SellerAccount, wishes: Mapping[str, PreferenceInput], *, by: User) -> Saved:
    """Save the preference inputs (by type), writing only what differs; returns the changes.

    Raises ConflictError when a type to be changed is not at `seen_version`, and RuleViolationError when an address
    is not the account's, there are too many, or the plan lacks the type. Then nothing is saved.
    """
    email_addresses.lock(account)
    current = load_all(account)
    default = email_addresses.default_addresses([account.pk])[account.pk]
    had = set(Address.objects.filter(account=account).values_list("pk", flat=True))
    typed = [email for wish in wishes.values() for email in wish.new]
    added = {email_addresses.same(row.email): row for row in email_addresses.add_missing(account, typed, by=by)}
    book = Address.objects.in_bulk(had | {row.pk for row in added.values()})

    theirs: dict[str, EffectivePreference] = {}
    changes: dict[str, tuple[Change, tuple[UUID, ...]]] = {}
    for key, wish in wishes.items():
        before = current[key]
        named = _named(wish, book, added, default)
        email = wish.email or before.type.required
        line = before.line if wish.line is None else wish.line and before.type.line
        mail_differs = (email, set(named)) != (before.email, set(before.addresses))
        if not mail_differs and line == before.line:
            continue
        if not in_plan(before.type, account.plan):
            raise RuleViolationError(_("This notification is not part of the selling plan."))
        if wish.seen_version != before.version:
            theirs[key] = before
        addressed = tuple(book[pk].email for pk in named)
        changes[key] = Change(before, email, addressed, line, mail_differs), named
    if theirs:
        raise ConflictError(theirs)

    for change, named in changes.values():
        _write(account, change, named, book, by=by)
    return Saved(
        changes=tuple(change for change, _pks in changes.values()),
        unconfirmed=tuple(
            row.email for row in added.values() if row.pk not in had and row.state == AddressState.UNCONFIRMED
        ),
    )


def _named(
    wish: PreferenceInput, book: Mapping[UUID, Address], added: Mapping[str, Address], default: Address
) -> tuple[UUID, ...]:
    """Return the addresses to store, without duplicates; the default alone is not stored, so that it can change."""
    if not book.keys() >= set(wish.addresses):
        raise RuleViolationError(_("One of the addresses is not in this shop’s list any more. Look at the list again."))
    named = tuple(dict.fromkeys([*wish.addresses, *(added[email_addresses.same(email)].pk for email in wish.new)]))
    if len(named) > ADDRESSES_PER_TYPE:
        raise RuleViolationError(too_many())
    return () if named == (default.pk,) else named


def too_many() -> str:
    """Return the message for more addresses than one notification can have."""
    return _("A notification can go to %(limit)d addresses at the most.") % {"limit": ADDRESSES_PER_TYPE}


def _write(
    account: SellerAccount, change: Change, named: tuple[UUID, ...], book: Mapping[UUID, Address], *, by: User
) -> None:
    values: dict[str, object] = {
        "email": None if change.before.type.required else change.email,
        "version": change.before.version + 1,
        "changed_at": timezone.now(),
        "changed_by": by,
    }
    if change.line != change.before.line:
        values["line"] = change.line
        record(account, "preference.line_changed", by=by, type=change.type_key, line=change.line)
    row, _created = Preference.objects.update_or_create(account=account, type=change.type_key, defaults=values)
    row.destinations.all().delete()
    PreferenceAddress.objects.bulk_create(
        PreferenceAddress(preference=row, address_id=pk, position=position) for position, pk in enumerate(named)
    )
    if not change.mail_differs:
        return
    record(
        account,
        "preference.changed",
        by=by,
        type=change.type_key,
        email=change.email,
        addresses=list(change.addresses),
        email_before=change.before.email,
        addresses_before=[book[pk].email for pk in change.before.addresses],
    )
