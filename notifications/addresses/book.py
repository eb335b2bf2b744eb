"""The e-mail destinations of a seller account."""

from collections.abc import Collection

from django.db.models import F

from accounts.models import Membership
from accounts.roles import Role

from .enums import AddressState
from .models import Address


def default_addresses(account_ids: Collection[int]) -> dict[int, Address]:
    """Each account's default destination: the address the primary user signs in with.

    It goes to whoever is the primary user now, so a hand-over moves it. The row is made here when it is missing;
    sign-in already proved the address, so it starts active.
    """
    primaries = dict(
        Membership.objects.filter(account_id__in=account_ids, role=Role.PRIMARY).values_list(
            "account_id", "user__email"
        )
    )
    defaults = _existing(primaries)
    missing = [account_id for account_id in primaries if account_id not in defaults]
    if missing:
        Address.objects.bulk_create(
            [
                Address(account_id=account_id, email=primaries[account_id], state=AddressState.ACTIVE)
                for account_id in missing
            ],
            ignore_conflicts=True,
        )
        defaults = _existing(primaries)
    return defaults


def _existing(primaries: dict[int, str]) -> dict[int, Address]:
    rows = Address.objects.filter(
        account_id__in=primaries,
        account__memberships__role=Role.PRIMARY,
        email=F("account__memberships__user__email"),
    )
    return {row.account_id: row for row in rows}
