"""Payouts as returned by listPayouts: a failed one leaves the seller without money."""

from .message import Ignored, Message, Told

_UNDER_WAY = frozenset({"STARTED", "INITIATED", "SCHEDULED", "PENDING", "PROCESSING", "IN_TRANSIT", "PAID"})
_FAILED = "FAILED"


def payout(message: Message) -> Told:
    """Return an event for a failed payout, once for each; the API does not give the reason."""
    payload = message.payload
    status = payload.word("currentStatus")
    if status in _UNDER_WAY:
        return Ignored(f"The payout is {status.lower().replace('_', ' ')}.")
    if status != _FAILED:
        raise payload.unknown("currentStatus")
    amount = payload.inner("amount")
    data: dict[str, object] = {
        "amount": str(amount.number("currencyAmount")),
        "currency": amount.word("currencyCode"),
    }
    if tail := payload.maybe_text("accountTail"):
        data["account_tail"] = tail[-4:]
    failed = [one for one in payload.each("statusHistory") if one.maybe_text("status") == _FAILED]
    at = failed[-1].moment("lastUpdatedDate") if failed else None
    return message.event("disbursement_failed", message.key("payout", payload.text("id", max_length=64)), data, at=at)
