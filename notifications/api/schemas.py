"""OpenAPI schemas of the events endpoint; validation itself happens in `ingest.pipeline`."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic.json_schema import models_json_schema

from ..ingest.pipeline import MAX_EVENTS
from ..types.definitions import TYPES
from ..types.payloads import PAYLOADS
from ..types.payloads.samples import SAMPLES

_COMPONENTS = "#/components/schemas/{model}"


class EventResult(Schema):
    """The result of one event."""

    status: Literal["accepted", "duplicate", "refused"]
    id: UUID | None = None
    """The notification; for a duplicate the one that the first event became."""
    field: str | None = None
    """Refused: the invalid field, such as `data.items[0].sku`."""
    message: str | None = None
    """Refused: the reason."""


class EventsAnswer(Schema):
    """One result for each event, in order."""

    results: list[EventResult]


class Problem(Schema):
    """The reason why the request as a whole was rejected."""

    detail: str


class AttemptOut(Schema):
    """One failed attempt."""

    at: datetime
    permanent: bool
    code: int | None
    detail: str
    """The provider's response."""


class DeliveryOut(Schema):
    """One delivery to a recipient."""

    id: UUID
    channel: str
    recipient: str
    language: str
    status: str
    tries: int
    completed_at: datetime | None
    answer: str
    attempts: list[AttemptOut]


class DecisionOut(Schema):
    """One route that was considered."""

    channel: str
    recipient: str
    decision: str
    """`queued`, or the reason why it was skipped."""
    detail: dict[str, Any]


class NotificationOut(Schema):
    """A notification with its routes and deliveries."""

    id: UUID
    event_id: str
    type: str
    seller: str
    occurred_at: datetime
    accepted_at: datetime
    withheld: str | None
    """The reason why it is sent to nobody; null when it is sent."""
    decisions: list[DecisionOut]
    deliveries: list[DeliveryOut]


def _event_schema(type_key: str, data: dict[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "id": {"type": "string", "minLength": 1, "maxLength": 200, "description": "Your own id of this event."},
        "seller": {"type": "string", "description": "The public id of the seller account."},
        "type": {"const": type_key},
        "occurred_at": {"type": "string", "format": "date-time"},
        "data": data,
    }
    return {
        "title": type_key,
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


def example(type_key: str) -> dict[str, Any]:
    """Return an example event of this type."""
    return {
        "id": f"{type_key}-1",
        "seller": "7KQ2M9XWTB4HNC",
        "type": type_key,
        "occurred_at": "2026-11-21T18:30:00+09:00",
        "data": SAMPLES[type_key],
    }


_payloads, PAYLOAD_SCHEMAS = models_json_schema(
    [(model, "validation") for model in dict.fromkeys(PAYLOADS.values())], ref_template=_COMPONENTS
)
PAYLOAD_SCHEMAS = PAYLOAD_SCHEMAS["$defs"]
"""The payload schemas of all types by name, for the components of the OpenAPI document."""

_BATCH = {
    "type": "object",
    "properties": {
        "events": {
            "type": "array",
            "maxItems": MAX_EVENTS,
            "items": {"oneOf": [_event_schema(key, _payloads[(PAYLOADS[key], "validation")]) for key in TYPES]},
        }
    },
    "required": ["events"],
    "additionalProperties": False,
}
_EXAMPLES = {key: {"summary": key, "value": {"events": [example(key)]}} for key in TYPES}
EVENTS_REQUEST = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": _BATCH, "examples": _EXAMPLES}}}
}
