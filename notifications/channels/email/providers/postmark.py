"""Postmark's bounce, complaint and delivery events.

https://postmarkapp.com/developer/webhooks/bounce-webhook
https://postmarkapp.com/developer/api/bounce-api#bounce-types
"""

from notifications.types.enums import BounceKind, BounceReason

from .base import EventClassification, Provider, TrackingEvent
from .server_response import read_server_response

_DELAYED = frozenset({"Transient", "DnsError"})
_COMPLAINT = "SpamComplaint"
_FINAL = {
    "HardBounce": None,
    "BadEmailAddress": BounceReason.UNKNOWN_USER,
    "DMARCPolicy": BounceReason.BLOCKED_BY_PROVIDER,
    "ManuallyDeactivated": BounceReason.OTHER,
    "Unconfirmed": BounceReason.OTHER,
}
"""Permanent bounce types, with the reason used where the server's response has none."""
_GIVEN_UP = {
    "SoftBounce": None,
    "Blocked": BounceReason.BLOCKED_BY_PROVIDER,
    "SpamNotification": BounceReason.BLOCKED_BY_PROVIDER,
    "VirusNotification": BounceReason.BLOCKED_BY_PROVIDER,
}
"""Bounce types that may be temporary: the server's response decides."""


class Postmark(Provider):
    """Finds the delivery by the metadata that we set."""

    def verdict(self, event: TrackingEvent) -> EventClassification | None:
        """Classify by the type of the bounce, and by whether Postmark stopped sending to the address."""
        data = event.esp_event
        said = read_server_response(data.get("Details"), data.get("Description"))
        record, kind = data.get("RecordType"), data.get("Type")
        if record == "Delivery":
            return EventClassification(BounceKind.DELIVERED, said)
        if record == "SpamComplaint" or (record == "Bounce" and kind == _COMPLAINT):
            return EventClassification(BounceKind.COMPLAINT, said)
        if record != "Bounce":
            return None
        if kind in _DELAYED:
            return EventClassification(BounceKind.DELAYED, said)
        if kind not in _FINAL and kind not in _GIVEN_UP:
            return None
        fallback = _FINAL.get(kind) or _GIVEN_UP.get(kind)
        return EventClassification(
            BounceKind.BOUNCE,
            said,
            kind in _FINAL or data.get("Inactive") is True or said.ends_it,
            fallback if said.reason == BounceReason.OTHER else None,
        )
