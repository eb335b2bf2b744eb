"""Events as the API receives them, their validation and the results. Pure functions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from notifications.types import payloads
from notifications.types.definitions import TYPES, NotificationType
from notifications.types.enums import Reason

MAX_EVENTS = 1000
"""The most events in one batch."""
MAX_KEY_LENGTH = 200
MAX_SELLER_LENGTH = 32
EARLY = timedelta(minutes=5)
"""How far the clock of a source may run ahead of ours."""
LATE = timedelta(days=400)

_FIELDS = ("id", "seller", "type", "occurred_at", "data")
_TIME_WANTED = "This is not a time with its offset, like 2026-11-21T18:30:00+09:00."
NO_SUCH_SELLER = "There is no seller account with this id."


@dataclass(frozen=True, slots=True)
class Event:
    """An event from a source, not yet validated."""

    key: str
    """The source's own event id."""
    seller: str
    """The public id of the seller account."""
    type: str
    occurred_at: datetime
    data: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Accepted:
    """The event became a notification."""

    id: UUID


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The source sent this event before; `id` is the notification it became then."""

    id: UUID


@dataclass(frozen=True, slots=True)
class Rejected:
    """The event is invalid; sending it again unchanged cannot succeed."""

    field: str
    """The path of the field: `seller`, `data.items[0].sku`; empty for the event as a whole."""
    message: str


Result = Accepted | Duplicate | Rejected


@dataclass(frozen=True, slots=True)
class CheckedEvent:
    """A valid event of its type; whether its seller exists is not checked yet."""

    key: str
    seller: str
    kind: NotificationType
    occurred_at: datetime
    data: Mapping[str, object]
    references: str
    verdict: Reason | None
    line_verdict: Reason | None
    once_key: str | None


def read(raw: object) -> Event | Rejected:
    """Parse a JSON value as an event."""
    if not isinstance(raw, dict):
        return Rejected("", "This is not an object.")
    for name in _FIELDS:
        if name not in raw:
            return Rejected(name, "This field is required.")
    if len(raw) > len(_FIELDS):
        unknown = next(name for name in raw if name not in _FIELDS)
        return Rejected(unknown[:64], "An event has no such field.")
    for name in ("id", "seller", "type", "occurred_at"):
        if not isinstance(raw[name], str):
            return Rejected(name, "This is not a text.")
    if not isinstance(raw["data"], dict):
        return Rejected("data", "This is not an object.")
    try:
        occurred_at = datetime.fromisoformat(raw["occurred_at"])
    except ValueError:
        return Rejected("occurred_at", _TIME_WANTED)
    return Event(raw["id"], raw["seller"], raw["type"], occurred_at, raw["data"])


def check(event: Event, *, now: datetime) -> CheckedEvent | Rejected:
    """Validate an event against its type, and its time against `now`."""
    if not 1 <= len(event.key) <= MAX_KEY_LENGTH or not event.key.isprintable():
        return Rejected("id", f"An id has 1 to {MAX_KEY_LENGTH} printable characters.")
    if len(event.seller) > MAX_SELLER_LENGTH or not event.seller.isprintable():
        return Rejected("seller", NO_SUCH_SELLER)
    kind = TYPES.get(event.type)
    if kind is None:
        return Rejected("type", "There is no such type.")
    if event.occurred_at.utcoffset() is None:
        return Rejected("occurred_at", _TIME_WANTED)
    if event.occurred_at > now + EARLY:
        return Rejected("occurred_at", f"This lies more than {EARLY.seconds // 60} minutes in the future.")
    if event.occurred_at < now - LATE:
        return Rejected("occurred_at", f"This lies more than {LATE.days} days in the past.")
    try:
        payload = payloads.read(kind.key, event.data)
    except payloads.PayloadError as error:
        return Rejected(error.errors[0].field, error.errors[0].sentence)
    return CheckedEvent(
        key=event.key,
        seller=event.seller,
        kind=kind,
        occurred_at=event.occurred_at.astimezone(UTC),
        data=event.data,
        references=payloads.searchable("\n".join(payload.references())),
        verdict=payload.verdict(),
        line_verdict=payload.line_verdict(),
        once_key=payload.once_key(),
    )
