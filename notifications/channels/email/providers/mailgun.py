"""Mailgun's webhook events, one in each request.

https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks
https://documentation.mailgun.com/docs/mailgun/user-manual/events/event-structure
"""

import time
from hashlib import sha256
from uuid import UUID

from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

from notifications.types.enums import BounceKind, BounceReason

from ..return_path import AttemptRef
from .base import KINDS, EventClassification, Provider, TrackingEvent, read_json
from .credentials import Access
from .delivery_ids import Naming
from .events import UnreadableError, WebhookRejectedError
from .server_response import read_server_response

OLDEST_SECONDS = 15 * 60
AHEAD_SECONDS = 60
"""Clocks differ by less than this."""

_REASONS = {
    "suppress-bounce": BounceReason.OTHER,
    "suppress-complaint": BounceReason.OTHER,
    "suppress-unsubscribe": BounceReason.OTHER,
    "old": BounceReason.EXPIRED,
    "espblock": BounceReason.BLOCKED_BY_PROVIDER,
}
"""Reasons of Mailgun itself, used where the server's response has none."""


class Mailgun(Provider):
    """Finds the delivery by the envelope sender, or by our Message-ID."""

    def verify(self, request: HttpRequest, access: Access) -> None:
        """Verify the signature with Anymail; also reject old and repeated requests, which Anymail does not check."""
        data = read_json(request)
        signed = data.get("signature") if isinstance(data, dict) else None
        if not isinstance(signed, dict) or not all(
            isinstance(signed.get(name), str | int) for name in ("timestamp", "token", "signature")
        ):
            raise WebhookRejectedError("no signature")
        super().verify(request, access)
        written = str(signed["timestamp"])
        if not (written.isascii() and written.isdigit() and len(written) < 12):
            raise WebhookRejectedError("no timestamp")
        age = time.time() - int(written)
        if not -AHEAD_SECONDS <= age <= OLDEST_SECONDS:
            raise WebhookRejectedError(f"signed {age:.0f} seconds ago")
        if _was_used(str(signed["token"])):
            raise WebhookRejectedError("the same call again")

    def remember(self, request: HttpRequest) -> None:
        """Store the token as used; only now, so that Mailgun can repeat the request after a failure of ours."""
        data = read_json(request)
        if isinstance(data, dict):
            _use(str(data["signature"]["token"]))

    def names(self, event: TrackingEvent, naming: Naming) -> AttemptRef | UUID | None:
        """Prefer the return path, which names the attempt; some Mailgun setups replace it."""
        data = _event_data(event)
        envelope = data.get("envelope")
        sender = envelope.get("sender") if isinstance(envelope, dict) else None
        return naming.by_sender(sender) or naming.by_message_id(event.message_id)

    def verdict(self, event: TrackingEvent) -> EventClassification | None:
        """Classify by `severity`, which says whether Mailgun tries again."""
        kind = KINDS.get(event.event_type)
        if kind is None:
            return None
        data = _event_data(event)
        status = data.get("delivery-status")
        status = status if isinstance(status, dict) else {}
        said = read_server_response(
            event.mta_response, event.description, status=status.get("enhanced-code"), code=status.get("code")
        )
        if kind != BounceKind.BOUNCE:
            return EventClassification(kind, said)
        permanent = data.get("severity") == "permanent" or event.event_type == "rejected"
        word = data.get("reason")
        fallback = _REASONS.get(word) if isinstance(word, str) else None
        held_back = isinstance(word, str) and word.startswith("suppress-")
        return EventClassification(
            kind, said, permanent, fallback if held_back or said.reason == BounceReason.OTHER else None
        )


def _event_data(event: TrackingEvent) -> dict[str, object]:
    data = event.esp_event["event-data"]
    if not isinstance(data, dict):
        raise UnreadableError("no event-data")
    return data


def _was_used(token: str) -> bool:
    try:
        return cache.get(_place(token)) is not None
    except (RedisError, OSError):
        return False  # storing a repeated event has no effect


def _use(token: str) -> None:
    try:
        cache.set(_place(token), 1, timeout=OLDEST_SECONDS + AHEAD_SECONDS)
    except (RedisError, OSError):
        return


def _place(token: str) -> str:
    return f"notifications.mailgun.{sha256(token.encode('utf-8', 'replace')).hexdigest()}"
