"""Find the seller account that a message belongs to."""

from accounts.models import SellerAccount
from notifications.models import SellerAlias, Source
from notifications.types.enums import AliasKind, ParkReason

from ..base import DeadLetterError
from .fields import MAX_TEXT_LENGTH, Fields

_NAMES = ("SellerId", "MerchantId", "PartnerId", "SellingPartnerId", "AccountId")
"""The fields in which message types give the seller's ID, in order of precedence."""
_ACCOUNT_PREFIX = "amzn1.merchant.o."
_MAX_PUBLIC_ID_LENGTH = 32


def find(source: Source, *places: Fields, subscription: str | None, stand_in: SellerAccount | None) -> SellerAccount:
    """Find the account by the first seller ID in `places`, else by the subscription. Raises DeadLetterError."""
    seller = _seller_id(places)
    account = (seller and _by_seller(source, seller)) or (
        subscription and _alias(source, AliasKind.SUBSCRIPTION, subscription)
    )
    account = account or stand_in
    if not account and seller is None and source.account is not None:
        account = source.account
    if not account or (source.account_id is not None and account.pk != source.account_id):
        raise DeadLetterError(ParkReason.UNKNOWN_SELLER, _unknown(seller, subscription))
    return account


def _seller_id(places: tuple[Fields, ...]) -> str | None:
    for place in places:
        for name in _NAMES:
            if found := place.maybe_text(name, max_length=MAX_TEXT_LENGTH):
                return found.removeprefix(_ACCOUNT_PREFIX)
    return None


def _by_seller(source: Source, seller: str) -> SellerAccount | None:
    return (
        _alias(source, AliasKind.SELLER, seller)
        or SellerAccount.objects.filter(public_id=seller[:_MAX_PUBLIC_ID_LENGTH]).first()
    )


def _alias(source: Source, kind: AliasKind, value: str) -> SellerAccount | None:
    known = SellerAlias.objects.filter(source=source, kind=kind, value=value).select_related("account").first()
    return None if known is None else known.account


def _unknown(seller: str | None, subscription: str | None) -> str:
    if seller is None and subscription is None:
        return "It names neither a seller nor a subscription."
    named = [f"seller {seller}"] if seller else []
    named += [f"subscription {subscription}"] if subscription else []
    return f"Nobody here is {' or '.join(named)}."
