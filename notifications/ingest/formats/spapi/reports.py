"""REPORT_PROCESSING_FINISHED: a scheduled report is ready, was cancelled, or failed."""

from .message import Ignored, Message, Told

_TYPES = {
    "GET_FLAT_FILE_OPEN_LISTINGS_DATA": "report_open_listings",
    "GET_MERCHANT_LISTINGS_DATA": "report_open_listings",
    "GET_MERCHANT_LISTINGS_DATA_LITE": "report_open_listings",
    "GET_MERCHANT_LISTINGS_DATA_LITER": "report_open_listings",
    "GET_FLAT_FILE_ACTIONABLE_ORDER_DATA": "report_order_fulfillment",
    "GET_FLAT_FILE_ACTIONABLE_ORDER_DATA_SHIPPING": "report_order_fulfillment",
    "GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING": "report_order_fulfillment",
    "GET_ORDER_REPORT_DATA_SHIPPING": "report_order_fulfillment",
    "GET_CONVERGED_FLAT_FILE_SOLD_LISTINGS_DATA": "report_sold_listings",
    "GET_MERCHANT_CANCELLED_LISTINGS_DATA": "report_cancelled_listings",
}
"""The reports that sellers schedule; all others are exchanged between systems."""
_OUTCOMES = {"DONE": "ready", "CANCELLED": "cancelled", "FATAL": "failed"}
_UNFINISHED = frozenset({"IN_QUEUE", "IN_PROGRESS"})


def report_finished(message: Message) -> Told:
    """Return an event, once for each report. The message holds the document's ID, and no URL to download it from."""
    payload = message.payload
    named = payload.word("reportType")
    if named not in _TYPES:
        return Ignored(f"{named} is no report that sellers schedule.")
    status = payload.word("processingStatus")
    if status in _UNFINISHED:
        return Ignored("The report is not finished.")
    if status not in _OUTCOMES:
        raise payload.unknown("processingStatus")
    report_id = payload.text("reportId", max_length=64)
    data: dict[str, object] = {"report_id": report_id, "outcome": _OUTCOMES[status]}
    return message.event(_TYPES[named], message.key("report", report_id), data)
