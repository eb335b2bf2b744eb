"""The typed payload of each notification type, with the rules for when it is sent."""

from collections.abc import Mapping

from pydantic import ValidationError

from .account_health import (
    AccountAtRisk,
    AccountSuspended,
    DisbursementFailed,
    HealthContact,
    LateShipmentRate,
    ListingAtRisk,
    ListingSuspended,
    ValidTrackingRate,
)
from .base import Payload
from .broadcasts import BusinessUpdate, EmergencyNotice, TechnicalNotice
from .coach import CoachRecommendations, OutOfStockWeekly
from .errors import FieldError, PayloadError, explain
from .listings import ListingClosed, ListingCreated
from .orders import FbaInboundShipment, FbaOrderConfirmed, OrderConfirmed
from .reports import ReportReady
from .returns import ClaimOpened, ReturnRequested
from .search_terms import searchable

__all__ = ["PAYLOADS", "FieldError", "Payload", "PayloadError", "read", "searchable"]

PAYLOADS: dict[str, type[Payload]] = {
    "order_confirmed": OrderConfirmed,
    "fba_order_confirmed": FbaOrderConfirmed,
    "fba_inbound_shipment": FbaInboundShipment,
    "return_requested": ReturnRequested,
    "claim_opened": ClaimOpened,
    "listing_created": ListingCreated,
    "listing_closed": ListingClosed,
    "report_open_listings": ReportReady,
    "report_order_fulfillment": ReportReady,
    "report_sold_listings": ReportReady,
    "report_cancelled_listings": ReportReady,
    "coach_recommendations": CoachRecommendations,
    "out_of_stock_weekly": OutOfStockWeekly,
    "business_update": BusinessUpdate,
    "technical_notice": TechnicalNotice,
    "disbursement_failed": DisbursementFailed,
    "late_shipment_rate": LateShipmentRate,
    "valid_tracking_rate": ValidTrackingRate,
    "health_contact": HealthContact,
    "account_suspended": AccountSuspended,
    "account_at_risk": AccountAtRisk,
    "listing_suspended": ListingSuspended,
    "listing_at_risk": ListingAtRisk,
    "emergency_notice": EmergencyNotice,
}


def read(type_key: str, data: Mapping[str, object]) -> Payload:
    """Return `data` as the payload of the type. Raises `PayloadError` when it does not fit the type."""
    payload = PAYLOADS.get(type_key)
    if payload is None:
        raise PayloadError([FieldError("type", "There is no such type.")])
    try:
        return payload.model_validate(data)
    except ValidationError as failed:
        raise explain(failed) from None
