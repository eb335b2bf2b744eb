"""What other rooms tie to a shop's primary user, and what becomes of it when that changes.

This room knows no other, so the ties are named in the settings: ACCOUNT_HOOKS.
"""

from collections.abc import Sequence
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import SellerAccount, User


class AccountHook(Protocol):
    """One thing that ends when the primary role moves on, or the shop closes."""

    def warning(self, account: SellerAccount) -> str:
        """What a hand-over would end now, as a sentence for the person who is about to; empty for nothing."""
        ...

    def hand_over(self, account: SellerAccount, *, by: User) -> None:
        """End it, within the transaction of the hand-over."""
        ...

    def close(self, account: SellerAccount) -> None:
        """End it, within the transaction that deletes the shop."""
        ...


@cache
def account_hooks() -> Sequence[AccountHook]:
    return tuple(import_string(name)() for name in settings.ACCOUNT_HOOKS)


def warnings(account: SellerAccount) -> list[str]:
    """What the person must know before handing over."""
    return [sentence for tie in account_hooks() if (sentence := tie.warning(account))]


def hand_over(account: SellerAccount, *, by: User) -> None:
    for tie in account_hooks():
        tie.hand_over(account, by=by)


def close(account: SellerAccount) -> None:
    for tie in account_hooks():
        tie.close(account)
