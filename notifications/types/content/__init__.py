"""Message content of each notification type, as one typed function per type: mypy checks it against the payloads."""

from collections.abc import Callable
from typing import Any

from .account_health import disbursement_failed, health_contact, late_shipment_rate, valid_tracking_rate
from .broadcasts import business_update, emergency_notice, technical_notice
from .coach import coach_recommendations, out_of_stock_weekly
from .language import Language, language
from .listings import listing_closed, listing_created
from .message_content import Fact, MessageContent, Row, Section, Table
from .orders import fba_inbound_shipment, fba_order_confirmed, order_confirmed
from .recipient_context import RecipientContext
from .reports import (
    report_cancelled_listings,
    report_open_listings,
    report_order_fulfillment,
    report_sold_listings,
)
from .returns import claim_opened, return_requested
from .suspensions import account_at_risk, account_suspended, listing_at_risk, listing_suspended

__all__ = [
    "WORDING",
    "Fact",
    "Language",
    "MessageContent",
    "RecipientContext",
    "Row",
    "Section",
    "Table",
    "language",
]

WORDING: dict[str, Callable[[Any, RecipientContext], MessageContent]] = {
    "order_confirmed": order_confirmed,
    "fba_order_confirmed": fba_order_confirmed,
    "fba_inbound_shipment": fba_inbound_shipment,
    "return_requested": return_requested,
    "claim_opened": claim_opened,
    "listing_created": listing_created,
    "listing_closed": listing_closed,
    "report_open_listings": report_open_listings,
    "report_order_fulfillment": report_order_fulfillment,
    "report_sold_listings": report_sold_listings,
    "report_cancelled_listings": report_cancelled_listings,
    "coach_recommendations": coach_recommendations,
    "out_of_stock_weekly": out_of_stock_weekly,
    "business_update": business_update,
    "technical_notice": technical_notice,
    "disbursement_failed": disbursement_failed,
    "late_shipment_rate": late_shipment_rate,
    "valid_tracking_rate": valid_tracking_rate,
    "health_contact": health_contact,
    "account_suspended": account_suspended,
    "account_at_risk": account_at_risk,
    "listing_suspended": listing_suspended,
    "listing_at_risk": listing_at_risk,
    "emergency_notice": emergency_notice,
}
