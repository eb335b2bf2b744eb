"""The common provider webhook: Anymail verifies and parses a request, and this maps its events to delivery events.

https://anymail.dev/en/stable/sending/tracking/
"""

import json
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any, Protocol
from uuid import UUID

from anymail.exceptions import AnymailError
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.utils.module_loading import import_string

from notifications.types.enums import BounceKind, BounceReason

from ..return_path import AttemptRef
from .credentials import Access
from .delivery_ids import Naming
from .events import ProviderEvent, Taken, UnreadableError, WebhookRejectedError
from .server_response import ServerResponse, read_server_response

ODD = (
    AnymailError,
    ImproperlyConfigured,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""Errors that parsing of unexpected data raises."""

KINDS = {
    "delivered": BounceKind.DELIVERED,
    "deferred": BounceKind.DELAYED,
    "bounced": BounceKind.BOUNCE,
    "rejected": BounceKind.BOUNCE,
    "failed": BounceKind.BOUNCE,
    "complained": BounceKind.COMPLAINT,
}
"""Anymail's event types as ours; it has others, which do not say whether a mail arrived."""
OLDEST_EVENT = timedelta(days=400)
"""A time further in the past is replaced by this one."""
NOT_TRIED = ("rejected", "failed")
"""The provider itself refused to send it."""


class TrackingEvent(Protocol):
    """The attributes of Anymail's event that are used here."""

    event_type: str
    timestamp: datetime | None
    event_id: str | None
    esp_event: Any
    description: str | None
    message_id: str | None
    metadata: object
    mta_response: str | None
    recipient: str | None
    reject_reason: str | None


@dataclass(frozen=True, slots=True)
class EventClassification:
    """The meaning of an event for its mail."""

    kind: BounceKind
    answer: ServerResponse
    permanent: bool = False
    reason: BounceReason | None = None
    """Set where it differs from that of the response."""


class Provider:
    """A provider that Anymail supports; subclasses override steps that differ."""

    def __init__(self, name: str, view: str, *, key: str = "") -> None:
        """Take Anymail's view, and its name for the signature key."""
        self.name = name
        self._view_path = f"anymail.webhooks.{view}"
        self._key = key

    def verify(self, request: HttpRequest, access: Access) -> None:
        """Raise WebhookRejectedError unless the request comes from the provider."""
        try:
            self._view(access).run_validators(request)
        except ODD as error:
            raise WebhookRejectedError(f"{type(error).__name__} from Anymail's check") from error

    def take(self, request: HttpRequest, access: Access, naming: Naming) -> Taken:
        """Return the events of a verified request; raises UnreadableError."""
        return self.tell(self.events(request, access), naming)

    def remember(self, request: HttpRequest) -> None:
        """Mark a request as processed, once its events are stored."""

    def events(self, request: HttpRequest, access: Access) -> list[TrackingEvent]:
        """Return Anymail's events, UNREADABLE for faulty ones of a batch; raises UnreadableError otherwise."""
        view = self._view(access)
        try:
            return list(view.parse_events(request))
        except ODD as error:
            problem = error
        batch = read_json(request)
        if not isinstance(batch, list) or len(batch) < 2:
            raise UnreadableError(type(problem).__name__) from problem
        events: list[TrackingEvent] = []
        for item in batch:
            alone = copy(request)
            alone._body = json.dumps([item]).encode()
            try:
                events += view.parse_events(alone)
            except ODD:
                events.append(UNREADABLE)
        return events

    def tell(self, events: Iterable[TrackingEvent], naming: Naming) -> Taken:
        """Translate Anymail's events to delivery events, and count foreign and unreadable ones."""
        news, foreign, unreadable = [], 0, 0
        now = datetime.now(UTC)
        for event in events:
            try:
                verdict = self.verdict(event)
                if verdict is None:
                    continue
                left = self.names(event, naming)
                if left is None:
                    foreign += 1
                else:
                    news.append(_news(event, verdict, left, now))
            except ODD:
                unreadable += 1
        return Taken(tuple(news), foreign, unreadable)

    def names(self, event: TrackingEvent, naming: Naming) -> AttemptRef | UUID | None:
        """Return the delivery's id, with the time of the attempt where the event gives it; None for foreign mail."""
        metadata = event.metadata
        given = metadata.get("delivery") if isinstance(metadata, dict) else None
        return naming.by_id(given) or naming.by_message_id(event.message_id)

    def verdict(self, event: TrackingEvent) -> EventClassification | None:
        """Classify an event; None for one that does not say whether a mail arrived."""
        kind = KINDS.get(event.event_type)
        if kind is None:
            return None
        said = read_server_response(event.mta_response, event.description)
        if kind != BounceKind.BOUNCE:
            return EventClassification(kind, said)
        if event.event_type in NOT_TRIED:
            return not_tried(said, invalid=event.reject_reason == "invalid")
        return EventClassification(kind, said, said.ends_it)

    def _view(self, access: Access) -> Any:
        return _make_view(self._view_path, self._key, access.key(self.name), access.secrets)


UNREADABLE: Any = None
"""Takes the place of an event that Anymail cannot parse."""


def not_tried(said: ServerResponse, *, invalid: bool) -> EventClassification:
    """Classify a mail that the provider did not send.

    Either it is on a suppression list of the provider, which operators must look at, or the address is invalid.
    """
    reason = BounceReason.UNKNOWN_USER if invalid else BounceReason.OTHER
    return EventClassification(BounceKind.BOUNCE, said, permanent=True, reason=reason)


@cache
def _make_view(path: str, key_name: str, key: str, secrets: Sequence[str]) -> Any:
    """Create Anymail's view; without a key it checks the name and password. A view keeps no state of a request."""
    by_key = {key_name: key} if key_name and key else {}
    return import_string(path)(webhook_secret=[] if by_key else list(secrets), **by_key)


def read_json(request: HttpRequest) -> object:
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise UnreadableError("no JSON") from error


def _news(event: TrackingEvent, verdict: EventClassification, left: AttemptRef | UUID, now: datetime) -> ProviderEvent:
    said = verdict.answer
    came_back = verdict.kind == BounceKind.BOUNCE
    delivery_id = left if isinstance(left, UUID) else left.delivery_id
    at = event.timestamp or now
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    recipient = event.recipient if isinstance(event.recipient, str) else ""
    recipient = recipient.encode("utf-8", "replace").decode().replace("\0", "")[:254]
    named = str(event.event_id or "").encode("utf-8", "replace")
    same = named or f"{delivery_id} {verdict.kind} {event.timestamp} {said.code} {said.text}".encode()
    return ProviderEvent(
        id=named.decode() if 0 < len(named) <= 64 and b"\0" not in named else sha256(same).hexdigest(),
        kind=verdict.kind,
        delivery_id=delivery_id,
        sent_at=None if isinstance(left, UUID) else left.at,
        at=max(min(at, now), now - OLDEST_EVENT),
        recipient=recipient,
        permanent=came_back and verdict.permanent,
        reason=(verdict.reason or said.reason).value if came_back else "",
        status=said.status[:12],
        code=said.code,
        text=said.text,
    )
