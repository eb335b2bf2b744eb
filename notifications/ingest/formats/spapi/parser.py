"""Convert messages of the Selling Partner API to events; types that are not in READERS are ignored."""

from datetime import datetime

from accounts.models import SellerAccount
from notifications.models import Source
from notifications.types.enums import ParkReason

from ...pipeline import Event
from ..base import DeadLetterError, ParsedPart, Part
from . import sellers
from .account_status import account_status
from .envelope import PAYOUT, PERFORMANCE, read_json, take_apart
from .feeds import feed_finished
from .fields import Fields
from .listing_issues import listing_issues
from .listing_status import listing_status
from .message import Ignored, Message, MessageParser
from .orders import order_change
from .payouts import payout
from .performance import performance
from .pricing import pricing_health
from .quantities import fba_inventory, item_inventory, shop_quantity
from .reports import report_finished
from .shipments import fba_outbound_shipment

READERS: dict[str, MessageParser] = {
    "ORDER_CHANGE": order_change,
    "FBA_OUTBOUND_SHIPMENT_STATUS": fba_outbound_shipment,
    "LISTINGS_ITEM_STATUS_CHANGE": listing_status,
    "LISTINGS_ITEM_STATUS_CHANGED": listing_status,  # the spelling in one version of the API's own schema
    "LISTINGS_ITEM_ISSUES_CHANGE": listing_issues,
    "LISTINGS_ITEM_MFN_QUANTITY_CHANGE": shop_quantity,
    "FBA_INVENTORY_AVAILABILITY_CHANGES": fba_inventory,
    "ITEM_INVENTORY_EVENT_CHANGE": item_inventory,
    "REPORT_PROCESSING_FINISHED": report_finished,
    "FEED_PROCESSING_FINISHED": feed_finished,
    "ACCOUNT_STATUS_CHANGED": account_status,
    "PRICING_HEALTH": pricing_health,
    PAYOUT: payout,
    PERFORMANCE: performance,
}


class SellingPartner:
    """The format of the Selling Partner API."""

    def split(self, body: bytes, content_type: str) -> list[Part]:
        """Split a body, which is always JSON, whatever the content type says."""
        return take_apart(body)

    def read(self, source: Source, part: Part, *, now: datetime, stand_in: SellerAccount | None = None) -> ParsedPart:
        """Implement `Format.read`."""
        value = read_json(part.raw)
        if not isinstance(value, dict) or not part.type:
            raise DeadLetterError(ParkReason.UNKNOWN_SHAPE, "It names no type of notification.")
        if part.type not in READERS:
            return ParsedPart(None, ignored=f"{part.type} is not for sellers.")
        envelope = Fields(value)
        payload = _payload(value, part.type)
        metadata = envelope.maybe_inner("NotificationMetadata")
        account = sellers.find(
            source,
            payload,
            payload.maybe_inner("partnerMetadata"),
            *payload.each("itemInventoryEventChanges")[:1],
            envelope,
            subscription=metadata.maybe_text("SubscriptionId"),
            stand_in=stand_in,
        )
        message = Message(source, account, part.message_id, payload, envelope.moment("EventTime"), now)
        try:
            told = READERS[part.type](message)
        except DeadLetterError as parked:
            parked.account = account
            raise
        match told:
            case Ignored(why):
                return ParsedPart(account, ignored=why)
            case Event() as event:
                return ParsedPart(account, (event,))
            case events:
                return ParsedPart(account, tuple(events))


def _payload(value: dict[str, object], kind: str) -> Fields:
    """Return the payload of a message, without the wrapper named after its type."""
    if kind == PERFORMANCE:
        return Fields(value)
    payload = Fields(value).inner("payout" if kind == PAYOUT else "Payload")
    return payload.unwrapped()
