"""How many there are of a product: remembered for the weekly list, never told by itself."""

from notifications.ingest.listings import count, is_late, recall, recall_by_asin, recall_everywhere

from .message import Ignored, Message, Told

_REMEMBERED = Ignored("Remembered for the weekly list of products that are out of stock.")
_MAX_TITLE_LENGTH = 300


def shop_quantity(message: Message) -> Told:
    """LISTINGS_ITEM_MFN_QUANTITY_CHANGE: what the shop itself has in stock, in every marketplace."""
    if message.payload.maybe_text("FulfillmentChannelCode") not in (None, "DEFAULT"):
        return Ignored("It is the stock of another fulfilment network.")
    quantity = message.payload.count("Quantity")
    for listing in recall_everywhere(message.account, sku=message.payload.text("Sku", max_length=64)):
        if not is_late(listing.stock_as_of, message.now):
            count(listing, quantity=quantity, now=message.now)
    return _REMEMBERED


def fba_inventory(message: Message) -> Told:
    """FBA_INVENTORY_AVAILABILITY_CHANGES: what the marketplace has in stock; it also names the product."""
    sku = message.payload.text("SKU", max_length=64)
    asin = message.payload.maybe_text("ASIN", max_length=20)
    for place in message.payload.each("FulfillmentInventoryByMarketplace"):
        listing = recall(message.account, marketplace=place.text("MarketplaceId", max_length=32), sku=sku)
        if is_late(listing.stock_as_of, message.now):
            continue
        listing.asin = asin or listing.asin
        listing.title = (place.maybe_text("ItemName", max_length=2000) or listing.title)[:_MAX_TITLE_LENGTH]
        stock = place.inner("FulfillmentInventory")
        buyable = stock.count("Fulfillable") + stock.maybe_count("FutureSupplyBuyable")
        count(listing, fba_quantity=buyable, now=message.now)
    return _REMEMBERED


def item_inventory(message: Message) -> Told:
    """ITEM_INVENTORY_EVENT_CHANGE: the same by ASIN, hour by hour."""
    for change in message.payload.each("itemInventoryEventChanges"):
        available = change.count("highlyAvailableInventory")
        listings = recall_by_asin(
            message.account,
            marketplace=change.text("marketplaceId", max_length=32),
            asin=change.text("asin", max_length=20),
        )
        for listing in listings:
            # Nothing at the marketplace says nothing of a listing that the shop ships.
            is_fba = listing.fba_quantity is not None or available > 0
            if is_fba and not is_late(listing.stock_as_of, message.now):
                count(listing, fba_quantity=available, now=message.now)
    return _REMEMBERED
