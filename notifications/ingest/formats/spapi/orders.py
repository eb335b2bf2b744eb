"""ORDER_CHANGE: an order was confirmed, or its buyer asked to cancel it."""

from notifications.ingest.listings import titles
from notifications.types.payloads.orders import MAX_ITEMS

from .fields import Fields
from .message import Ignored, Message, Told

_MAX_ID_LENGTH = 64
_MAX_SKU_LENGTH = 64
_MAX_METHOD_LENGTH = 500


def order_change(message: Message) -> Told:
    """Return the event for an order that the shop (MFN) or the marketplace (AFN) ships."""
    summary = message.payload.inner("Summary")
    order_id = message.payload.text("AmazonOrderId", max_length=_MAX_ID_LENGTH)
    match summary.word("FulfillmentType"):
        case "MFN":
            return _by_shop(message, summary, order_id)
        case "AFN":
            return _by_marketplace(message, summary, order_id)
        case _:
            raise summary.unknown("FulfillmentType")


def _by_shop(message: Message, summary: Fields, order_id: str) -> Told:
    status = summary.word("OrderStatus")
    cancelled_key = message.key("order_confirmed", order_id, "cancel_requested")
    match status:
        case "UNSHIPPED" | "PARTIALLYSHIPPED" if _buyer_would_cancel(message.payload, summary):
            data = _order(message, summary, order_id) | {"status": "unshipped", "cancel_requested": True}
            return message.event("order_confirmed", cancelled_key, data)
        case "UNSHIPPED":
            if message.was_told(cancelled_key):
                return Ignored("The seller knows already that the buyer would like to cancel this order.")
            data = _order(message, summary, order_id) | {"status": "unshipped"}
            return message.event("order_confirmed", message.key("order_confirmed", order_id, "confirmed"), data)
        case "PENDING":
            data = _order(message, summary, order_id) | {"status": "pending"}
            return message.event("order_confirmed", message.key("order_confirmed", order_id, "pending"), data)
        case _:
            return _not_confirmed(summary, status)


def _by_marketplace(message: Message, summary: Fields, order_id: str) -> Told:
    status = summary.word("OrderStatus")
    if status != "UNSHIPPED":
        return _not_confirmed(summary, status)
    return fba_order(message, order_id, _items(message, summary))


def fba_order(message: Message, order_id: str, items: list[dict[str, object]]) -> Told:
    """Return the confirmation of an FBA order; its key is the same from the order and from the shipment."""
    data: dict[str, object] = {"order_id": order_id, "items": items}
    return message.event("fba_order_confirmed", message.key("fba_order_confirmed", order_id), data)


def _not_confirmed(summary: Fields, status: str) -> Ignored:
    match status:
        case "SHIPPED" | "PARTIALLYSHIPPED":
            return Ignored("The order is being shipped: the seller knows.")
        case "CANCELED" | "CANCELLED":
            return Ignored("The order was cancelled: only confirmed orders are told.")
        case "PENDING" | "PENDINGAVAILABILITY" | "INVOICEUNCONFIRMED" | "UNFULFILLABLE" | "UPCOMING":
            return Ignored("The order is not confirmed.")
        case _:
            raise summary.unknown("OrderStatus")


def _buyer_would_cancel(order: Fields, summary: Fields) -> bool:
    if any(item.flag("IsBuyerRequestedCancel") for item in summary.each("OrderItems")):
        return True
    reason = order.maybe_inner("OrderChangeTrigger").maybe_text("ChangeReason") or ""
    return order.maybe_text("OrderChangeType") == "BuyerRequestedChange" and "cancel" in reason.lower()


def _order(message: Message, summary: Fields, order_id: str) -> dict[str, object]:
    data: dict[str, object] = {"order_id": order_id, "items": _items(message, summary)}
    if method := ", ".join(summary.texts("ShippingPrograms")):
        data["shipping_method"] = method[:_MAX_METHOD_LENGTH]
    if (ship_by := summary.moment("LatestShipDate")) is not None:
        data["ship_by"] = ship_by.isoformat()
    return data


def _items(message: Message, summary: Fields) -> list[dict[str, object]]:
    """Return the products to ship, at most MAX_ITEMS; the order report has the rest."""
    items = summary.some("OrderItems")
    skus = [(item.maybe_text("SellerSKU", max_length=_MAX_SKU_LENGTH), item.count("Quantity")) for item in items]
    ordered = [(sku, quantity) for sku, quantity in skus if sku and quantity][:MAX_ITEMS]
    names = titles(message.account, [sku for sku, _quantity in ordered])
    return [
        {"sku": sku, "quantity": quantity} | ({"title": names[sku]} if sku in names else {})
        for sku, quantity in ordered
    ]
