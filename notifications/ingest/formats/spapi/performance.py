"""The seller performance report: late shipments, valid tracking, and orders with defects such as claims."""

from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from notifications.types.payloads.account_health import LATE_SHIPMENT_LIMIT, VALID_TRACKING_LIMIT

from ...pipeline import Event
from .fields import Fields
from .message import Ignored, Message, Told

_PLACES = Decimal("0.01")
"""Rates are rounded away from the limit, so that one slightly beyond it is shown as beyond it."""
_SHIPPED_BY = {
    "mfn": {"ja": "出品者出荷の注文", "en": "orders that you ship"},
    "afn": {"ja": "FBAの注文", "en": "FBA orders"},
}


def performance(message: Message) -> Told:
    """Return an event for each rate beyond its limit, once a week and marketplace; the report itself comes daily."""
    found: list[Event] = []
    for metrics in message.payload.each_or_one("performanceMetrics"):
        marketplace = metrics.maybe_text("marketplaceId", max_length=32) or ""
        found += _late_shipments(message, metrics, marketplace)
        found += _valid_tracking(message, metrics, marketplace)
        found += _defects(message, metrics, marketplace)
    return found or Ignored("Every rate meets its requirement.")


def _late_shipments(message: Message, metrics: Fields, marketplace: str) -> list[Event]:
    metric = metrics.maybe_inner("lateShipmentRate")
    if not _counted(metric, "orderCount"):
        return []
    rate = _percent(metric)
    if rate <= LATE_SHIPMENT_LIMIT:
        return []
    data = {"rate": str(rate.quantize(_PLACES, ROUND_CEILING)), "period": _period(metric)}
    key = message.key("late_shipment_rate", marketplace, _week(metric))
    return [message.event("late_shipment_rate", key, data)]


def _valid_tracking(message: Message, metrics: Fields, marketplace: str) -> list[Event]:
    metric = metrics.maybe_inner("validTrackingRate")
    if not _counted(metric, "shipmentCount"):
        return []
    rate = _percent(metric)
    if rate >= VALID_TRACKING_LIMIT:
        return []
    data = {"rate": str(rate.quantize(_PLACES, ROUND_FLOOR)), "period": _period(metric)}
    key = message.key("valid_tracking_rate", marketplace, _week(metric))
    return [message.event("valid_tracking_rate", key, data)]


def _defects(message: Message, metrics: Fields, marketplace: str) -> list[Event]:
    """Return an event for each order defect rate beyond its limit: the marketplace will contact the seller about it."""
    rates = metrics.maybe_inner("orderDefectRate")
    found = []
    for kind, words in _SHIPPED_BY.items():
        metric = rates.maybe_inner(kind)
        if metric.maybe_text("status") == "BAD" and _counted(metric, "orderCount"):
            key = message.key("order_defect_rate", marketplace, kind, _week(metric))
            found.append(message.event("health_contact", key, {"topic": _topic(metric, words)}))
    return found


def _topic(metric: Fields, shipped_by: dict[str, str]) -> dict[str, str]:
    rate, limit = _plain(_percent(metric)), _plain(_percent(metric, "targetValue"))
    claims, chargebacks, feedback = (
        metric.maybe_inner(name).maybe_count("count") for name in ("claims", "chargebacks", "negativeFeedback")
    )
    return {
        "ja": f"注文不良率（{shipped_by['ja']}）が{rate}%となり、要件（{limit}%未満）を満たしていません。"
        f"内訳：申し立て{claims}件、チャージバック{chargebacks}件、低い評価{feedback}件",
        "en": f"Order defect rate ({shipped_by['en']}): {rate}%, where less than {limit}% is required."
        f" Claims: {claims}, chargebacks: {chargebacks}, negative feedback: {feedback}",
    }


def _counted(metric: Fields, orders: str) -> bool:
    """Return whether there is a rate to assess: without an order there is none, whatever the report says."""
    return metric.has("rate") and (not metric.has(orders) or metric.count(orders) > 0)


def _percent(metric: Fields, name: str = "rate") -> Decimal:
    """Return a percentage; the report gives fractions of one."""
    return metric.number(name) * 100


def _plain(rate: Decimal) -> str:
    return f"{rate.quantize(_PLACES, ROUND_HALF_UP).normalize():f}"


def _period(metric: Fields) -> dict[str, str]:
    start, end = _days(metric)
    return {"from": start.date().isoformat(), "to": end.date().isoformat()}


def _week(metric: Fields) -> str:
    year, week, _day = _days(metric)[1].isocalendar()
    return f"{year}-W{week:02}"


def _days(metric: Fields) -> tuple[datetime, datetime]:
    dates = metric.inner("reportingDateRange")
    start, end = dates.moment("reportingDateFrom"), dates.moment("reportingDateTo")
    if start is None or end is None:
        raise metric.unknown("reportingDateRange")
    return start, end
