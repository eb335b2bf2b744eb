"""SendGrid's events, up to some thousands in one request.

https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
"""

from notifications.types.enums import BounceKind

from .base import KINDS, NOT_TRIED, EventClassification, Provider, TrackingEvent, not_tried
from .server_response import read_server_response


class SendGrid(Provider):
    """Finds the delivery by `smtp-id`, our Message-ID."""

    def verdict(self, event: TrackingEvent) -> EventClassification | None:
        """`bounce` is final unless `status` is temporary; `blocked` means that SendGrid gave up, for any reason."""
        kind = KINDS.get(event.event_type)
        if kind is None:
            return None
        data = event.esp_event
        said = read_server_response(event.mta_response, data.get("reason"), status=data.get("status"))
        if event.event_type in NOT_TRIED:
            return not_tried(said, invalid=event.reject_reason == "invalid")
        is_hard = data.get("type") == "bounce" and not said.status.startswith("4")
        return EventClassification(kind, said, kind == BounceKind.BOUNCE and (is_hard or said.ends_it))
