"""LISTINGS_ITEM_STATUS_CHANGE: a listing was created or closed, told from what is remembered of it."""

from datetime import timedelta

from notifications.ingest.listings import LATE, is_late, recall
from notifications.models import KnownListing

from .fields import Fields
from .message import Ignored, Message, Told

DELETED = "DELETED"
_OPEN = frozenset({"BUYABLE", "DISCOVERABLE"})
_NEW = timedelta(days=3)
"""Between the making of a listing and its first news, both by the clock of the source."""
_WHY_DELETED = {"ja": "出品が削除されました。", "en": "The listing was deleted."}
_WHY_CLOSED = {
    "ja": "購入者に表示されず、購入もできない状態になりました。",
    "en": "Buyers can no longer find or buy it.",
}


def place_of(payload: Fields) -> tuple[str, str]:
    """Marketplace and SKU."""
    return payload.maybe_text("MarketplaceId", max_length=32) or "", payload.text("Sku", max_length=64)


def name_of(listing: KnownListing) -> dict[str, object]:
    """The product as far as it is known."""
    named: dict[str, object] = {"sku": listing.sku}
    if listing.title:
        named["title"] = listing.title
    return named


def listing_status(message: Message) -> Told:
    """A new listing that is met for the first time was created; one that was open and is no more was closed."""
    payload = message.payload
    said = payload.words("Status")
    if said and not said & {*_OPEN, DELETED}:
        raise payload.unknown("Status")
    marketplace, sku = place_of(payload)
    listing = recall(message.account, marketplace=marketplace, sku=sku)
    if is_late(listing.open_as_of, message.now):
        return Ignored(LATE)
    was_open = listing.is_open
    listing.is_open = DELETED not in said and bool(said)
    listing.asin = payload.maybe_text("Asin", max_length=20) or listing.asin
    listing.open_as_of = listing.changed_at = message.now
    listing.save()
    if listing.is_open:
        return _opened(message, listing, was_open)
    return _closed(message, listing, was_open, deleted=DELETED in said)


def _opened(message: Message, listing: KnownListing, was_open: bool | None) -> Told:
    created = message.payload.moment("CreatedDate")
    if was_open:
        return Ignored("The listing was open before.")
    if created is None and was_open is not None:
        return Ignored("The listing is open again.")
    if created is not None and message.event_time is not None and message.event_time - created > _NEW:
        return Ignored("The listing is open, and not new.")
    born = "" if created is None else created.isoformat()
    key = message.key("listing_created", listing.marketplace_id, listing.sku, born)
    return message.event("listing_created", key, name_of(listing))


def _closed(message: Message, listing: KnownListing, was_open: bool | None, *, deleted: bool) -> Told:
    if was_open is False:
        return Ignored("The listing was closed before.")
    if was_open is None and not deleted:
        return Ignored("The listing is not open yet.")
    key = message.key("listing_closed", listing.marketplace_id, listing.sku, message.moment)
    why = _WHY_DELETED if deleted else _WHY_CLOSED
    return message.event("listing_closed", key, name_of(listing) | {"why": why})
