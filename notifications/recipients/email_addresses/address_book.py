"""The address book of a seller account: look up, add and remove the addresses that notifications go to."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.activity.member_log import record
from accounts.members.access import primary_user
from accounts.models import Membership, SellerAccount, User
from accounts.roles import Role
from accounts.rule_violation import RuleViolationError
from notifications.channels import internal_reasons
from notifications.models import Address, Delivery, Preference, PreferenceAddress, Unsubscription
from notifications.types.enums import AddressState, DeliveryStatus

from .limits import ADDED, check_confirmation_rate, check_room, count_across_shops
from .normalisation import same


@dataclass(frozen=True, slots=True)
class Removal:
    """What the removal of an address changes or changed."""

    email: str
    types: tuple[str, ...]
    """Notification types whose preference named the address."""
    back_to_default: tuple[str, ...]
    """Those that named no other address, so that they go to the default address again."""


def default_addresses(account_ids: Collection[int]) -> dict[int, Address]:
    """Return each account's default address by account id: the one that its current primary user signs in with.

    A missing row is created here, as active, because sign-in has already proved the address.
    """
    primaries = dict(
        Membership.objects.filter(account_id__in=account_ids, role=Role.PRIMARY).values_list(
            "account_id", "user__email"
        )
    )
    defaults = _existing(primaries)
    missing = [account_id for account_id in primaries if account_id not in defaults]
    if missing:
        now = timezone.now()
        Address.objects.bulk_create(
            [
                Address(
                    account_id=account_id,
                    email=primaries[account_id],
                    state=AddressState.ACTIVE,
                    confirmed_at=now,
                )
                for account_id in missing
            ],
            ignore_conflicts=True,
        )
        defaults = _existing(primaries)
    for address in defaults.values():
        if address.state == AddressState.UNCONFIRMED:
            _prove(address)
    return defaults


def _existing(primaries: dict[int, str]) -> dict[int, Address]:
    rows = Address.objects.annotate(key=Lower("email")).filter(
        account_id__in=primaries,
        account__memberships__role=Role.PRIMARY,
        key=Lower("account__memberships__user__email"),
    )
    return {row.account_id: row for row in rows}


def _prove(address: Address) -> None:
    """Make an unconfirmed address active because the primary user signs in with it."""
    now = timezone.now()
    address.state, address.state_since, address.confirmed_at = AddressState.ACTIVE, now, now
    address.confirmation_due_at = None
    Address.objects.filter(pk=address.pk, state=AddressState.UNCONFIRMED).update(
        state=AddressState.ACTIVE,
        state_since=now,
        confirmed_at=now,
        confirmation_due_at=None,
        trusted_since=now,
        failure="",
    )


def add(account: SellerAccount, email: str, *, by: User, language: str = "") -> Address:
    """Add one normalised address; raises RuleViolationError, also when the account has it already."""
    with transaction.atomic():
        lock(account)
        if known(account, [email]):
            raise RuleViolationError(_("%(email)s is in the list already.") % {"email": email})
        return add_missing(account, [email], by=by, language=language)[0]


@transaction.atomic
def add_missing(account: SellerAccount, emails: Iterable[str], *, by: User, language: str = "") -> list[Address]:
    """Return the account's rows for these normalised addresses, in order, adding those it does not have.

    A new one is unconfirmed and will be sent a confirmation mail, unless ADDRESS_CONFIRMATION is off. Raises
    RuleViolationError when a limit is exceeded.
    """
    lock(account)
    wanted = {same(email): email for email in emails}
    found = known(account, wanted.values())
    new = [email for key, email in wanted.items() if key not in found]
    if new:
        check_room(account, len(new))
    now = timezone.now()
    proven = settings.ADDRESS_CONFIRMATION == "off"
    for email in new:
        if not proven:
            check_confirmation_rate(account, email)
        found[same(email)] = address = Address.objects.create(
            account=account,
            email=email,
            language=language,
            state=AddressState.ACTIVE if proven else AddressState.UNCONFIRMED,
            confirmation_due_at=None if proven else now,
            added_by=by,
        )
        record(account, ADDED, by=by, address=str(address.pk), email=email)
    if not proven:
        count_across_shops(new)
    return [found[key] for key in wanted]


def lock(account: SellerAccount) -> None:
    """Lock the account's addresses and preferences against other changes until the transaction ends."""
    SellerAccount.objects.select_for_update(no_key=True).only("pk").get(pk=account.pk)


def known(account: SellerAccount, emails: Iterable[str]) -> dict[str, Address]:
    """Return those of these addresses that the account has, by their key from `same`."""
    rows = Address.objects.annotate(key=Lower("email")).filter(
        account=account, key__in=[same(email) for email in emails]
    )
    return {same(row.email): row for row in rows}


def unsubscribed_from(address_ids: Iterable[UUID]) -> dict[UUID, set[str]]:
    """Return the notification types that each address's recipient unsubscribed from, by address id."""
    gone: dict[UUID, set[str]] = {}
    rows = Unsubscription.objects.filter(address__in=[*address_ids])
    for address_id, type_key in rows.values_list("address_id", "type"):
        gone.setdefault(address_id, set()).add(type_key)
    return gone


def set_language(address: Address, language: str, *, by: User) -> bool:
    """Set the language of mail to this address (empty: the account's); returns false when it was set already."""
    with transaction.atomic():
        changed = Address.objects.filter(pk=address.pk).exclude(language=language).update(language=language)
        if changed:
            record(
                address.account,
                "address.language_changed",
                by=by,
                address=str(address.pk),
                email=address.email,
                language=language,
            )
    return bool(changed)


def named_by(address: Address) -> Removal:
    """Return what removing the address would change."""
    naming = PreferenceAddress.objects.filter(address=address).values("preference")
    rows = (
        Preference.objects.filter(pk__in=naming)
        .annotate(named=Count("destinations"))
        .values_list("type", "named")
        .order_by("pk")
    )
    return Removal(
        email=address.email,
        types=tuple(key for key, _count in rows),
        back_to_default=tuple(key for key, count in rows if count == 1),
    )


@transaction.atomic
def remove(address: Address, *, by: User) -> Removal:
    """Remove an address from the account and from every preference that names it; returns what that changed.

    Raises RuleViolationError for the default address.
    """
    account = address.account
    lock(account)
    if same(address.email) == same(primary_user(account).email):
        raise RuleViolationError(_("The default address cannot be removed: the primary user signs in with it."))
    # An event being routed at this moment waits for this lock, and then finds the address removed.
    Address.objects.select_for_update().filter(pk=address.pk).first()
    removal = named_by(address)
    Preference.objects.filter(account=account, type__in=removal.types).update(
        version=F("version") + 1, changed_at=timezone.now(), changed_by=by
    )
    record(
        account,
        "address.removed",
        by=by,
        address=str(address.pk),
        email=address.email,
        types=list(removal.types),
    )
    # A held delivery could never be sent; its notification stays in the inbox.
    Delivery.objects.filter(address=address, status=DeliveryStatus.HELD).update(
        status=DeliveryStatus.CANCELLED, completed_at=timezone.now(), answer=internal_reasons.ADDRESS_REMOVED
    )
    address.delete()
    return removal
