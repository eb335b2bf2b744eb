"""FBA_OUTBOUND_SHIPMENT_STATUS: the marketplace has begun to ship an order."""

from .message import Ignored, Message, Told
from .orders import fba_order


def fba_outbound_shipment(message: Message) -> Told:
    """Return the confirmation of an order on its first shipment; the message does not list the products."""
    status = message.payload.word("ShipmentStatus")
    if status != "CREATED":
        return Ignored(f"A shipment of the marketplace that is {status.lower()} asks nothing of the seller.")
    return fba_order(message, message.payload.text("AmazonOrderId", max_length=64), [])
