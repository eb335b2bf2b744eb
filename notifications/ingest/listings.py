"""The stored state of a shop's listings, by which a change is told apart from a repetition."""

from collections.abc import Collection
from datetime import datetime

from accounts.models import SellerAccount

from ..models import KnownListing

LATE = "What came later about this listing is known already."


def is_late(as_of: datetime | None, now: datetime) -> bool:
    """Return whether a message that arrived at `now` is older than the stored state, as a replayed one may be."""
    return as_of is not None and as_of > now


def recall(account: SellerAccount, *, marketplace: str, sku: str) -> KnownListing:
    """Return the listing, or a new unsaved one; locks the account until the commit.
    Some messages name no marketplace: what they said of the SKU is assigned to the first marketplace named later.
    """
    known = {row.marketplace_id: row for row in _held(account, sku)}
    row = known.get(marketplace) or known.get("")
    if row is None:
        return KnownListing(account=account, marketplace_id=marketplace, sku=sku)
    if marketplace:
        row.marketplace_id = marketplace
    return row


def recall_everywhere(account: SellerAccount, *, sku: str) -> list[KnownListing]:
    """Return the listings of an SKU in all marketplaces, or one new unsaved listing; locks the account."""
    return _held(account, sku) or [KnownListing(account=account, sku=sku)]


def recall_by_asin(account: SellerAccount, *, marketplace: str, asin: str) -> list[KnownListing]:
    """Return up to 100 known listings of a product in a marketplace; locks the account."""
    _hold(account)
    return list(
        KnownListing.objects.filter(account=account, marketplace_id=marketplace, asin=asin).order_by("pk")[:100]
    )


def titles(account: SellerAccount, skus: Collection[str]) -> dict[str, str]:
    """Return the known titles of products by SKU."""
    named = KnownListing.objects.filter(account=account, sku__in=skus).exclude(title="")
    return dict(named.order_by("pk").values_list("sku", "title"))


def count(
    listing: KnownListing, *, now: datetime, quantity: int | None = None, fba_quantity: int | None = None
) -> None:
    """Save the quantities, and since when the product is out of stock."""
    if quantity is not None:
        listing.quantity = quantity
    if fba_quantity is not None:
        listing.fba_quantity = fba_quantity
    if listing.quantity or listing.fba_quantity:
        listing.out_of_stock_since = None
    elif listing.out_of_stock_since is None:
        listing.out_of_stock_since = now
    listing.stock_as_of = listing.changed_at = now
    listing.save()


def _held(account: SellerAccount, sku: str) -> list[KnownListing]:
    _hold(account)
    return list(KnownListing.objects.filter(account=account, sku=sku).order_by("pk"))


def _hold(account: SellerAccount) -> None:
    """Lock the account, so that its messages are handled one at a time; notifications can still be written."""
    SellerAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
