"""What all providers have in common: Anymail checks and reads, we put it into our words.

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
"""What code that reads other people's data meets."""

KINDS = {
    "delivered": BounceKind.DELIVERED,
    "deferred": BounceKind.DELAYED,
    "bounced": BounceKind.BOUNCE,
    "rejected": BounceKind.BOUNCE,
    "failed": BounceKind.BOUNCE,
    "complained": BounceKind.COMPLAINT,
}
"""Anymail's words in ours; it knows more of them, which say nothing about whether a mail arrived."""
OLDEST_EVENT = timedelta(days=400)
"""An odd moment before that is taken for this one."""
NOT_TRIED = ("rejected", "failed")
"""The provider itself would not send it."""


class TrackingEvent(Protocol):
    """Anymail's, as far as we read it."""

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
    """What an event means for its mail."""

    kind: BounceKind
    answer: ServerResponse
    permanent: bool = False
    reason: BounceReason | None = None
    """Where it is not that of the answer."""


class Provider:
    """One that Anymail knows; those with ways of their own override the steps."""

    def __init__(self, name: str, view: str, *, key: str = "") -> None:
        """Take Anymail's view, and what it calls the key for the signature."""
        self.name = name
        self._view_path = f"anymail.webhooks.{view}"
        self._key = key

    def verify(self, request: HttpRequest, access: Access) -> None:
        """Raise RefusedError unless the provider called."""
        try:
            self._view(access).run_validators(request)
        except ODD as error:
            raise WebhookRejectedError(f"{type(error).__name__} from Anymail's check") from error

    def take(self, request: HttpRequest, access: Access, naming: Naming) -> Taken:
        """What a checked call tells; raises UnreadableError."""
        return self.tell(self.events(request, access), naming)

    def remember(self, request: HttpRequest) -> None:
        """What the call told is kept: it need not come again."""

    def events(self, request: HttpRequest, access: Access) -> list[TrackingEvent]:
        """Anymail's reading; of a batch with something odd in it, what else it holds. Raises UnreadableError."""
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
        """Anymail's events in our words."""
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
        """The delivery, with the moment of its try where the event names that."""
        metadata = event.metadata
        given = metadata.get("delivery") if isinstance(metadata, dict) else None
        return naming.by_id(given) or naming.by_message_id(event.message_id)

    def verdict(self, event: TrackingEvent) -> EventClassification | None:
        """What the event means; None for what says nothing about whether a mail arrived."""
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
"""Stands for an event that Anymail cannot read."""


def not_tried(said: ServerResponse, *, invalid: bool) -> EventClassification:
    """The provider held it back: by a list of its own, which operators must look at, or as no address at all."""
    reason = BounceReason.UNKNOWN_USER if invalid else BounceReason.OTHER
    return EventClassification(BounceKind.BOUNCE, said, permanent=True, reason=reason)


@cache
def _make_view(path: str, key_name: str, key: str, secrets: Sequence[str]) -> Any:
    """Without a key the name and password are asked for; a view holds nothing of a request."""
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
