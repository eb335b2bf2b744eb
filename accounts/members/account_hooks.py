"""Hooks for other apps that must act when a shop's primary user changes or the shop is closed.

`accounts` imports no other app, so the hooks are named in the setting ACCOUNT_HOOKS.
"""

from collections.abc import Sequence
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import SellerAccount, User


class AccountHook(Protocol):
    """Something that ends when the primary role is handed over or the shop is closed."""

    def warning(self, account: SellerAccount) -> str:
        """Return what a hand-over would end, as a sentence for the current primary user; empty for nothing."""
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
    """Return the warnings to show before a hand-over."""
    return [sentence for tie in account_hooks() if (sentence := tie.warning(account))]


def hand_over(account: SellerAccount, *, by: User) -> None:
    for tie in account_hooks():
        tie.hand_over(account, by=by)


def close(account: SellerAccount) -> None:
    for tie in account_hooks():
        tie.close(account)
