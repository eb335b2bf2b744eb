"""Endpoint for events: up to 1,000 in a request, one result for each, in order."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from ninja import Router
from ninja.errors import HttpError
from pydantic_core import from_json, to_json

from ..ingest.pipeline import MAX_EVENTS, Accepted, Duplicate, Rejected, Result, notify_many, read
from .auth import SourceRequest
from .schemas import EVENTS_REQUEST, EventsAnswer, Problem

router = Router()


@router.post(
    "/events",
    response={200: EventsAnswer, 400: Problem, 401: Problem, 413: Problem},
    openapi_extra=EVENTS_REQUEST,
    operation_id="post_events",
    summary="Send events",
)
def post_events(request: SourceRequest) -> HttpResponse:
    """Send up to 1,000 events in at most 5 MB. Each has its own result; a bad event does not affect the others.
    An event is identified by its `id`: sending it again changes nothing and returns the notification it became.
    """
    results = notify_many(request.auth, [read(raw) for raw in _events_in(request)])
    return HttpResponse(to_json({"results": [_answer(one) for one in results]}), content_type="application/json")


def _answer(result: Result) -> dict[str, Any]:
    match result:
        case Accepted(id):
            return {"status": "accepted", "id": id}
        case Duplicate(id):
            return {"status": "duplicate", "id": id}
        case Rejected(field, message):
            return {"status": "refused", "field": field, "message": message}


def _events_in(request: HttpRequest) -> list[Any]:
    try:
        envelope = from_json(request.body, allow_inf_nan=False)
    except RequestDataTooBig:
        raise HttpError(413, f"The body is larger than {settings.EVENTS_BODY_BYTES} bytes.") from None
    except UnreadablePostError:
        raise HttpError(400, "The body ended too early.") from None
    except ValueError as error:
        raise HttpError(400, f"The body is not JSON: {error}.") from None
    if not isinstance(envelope, dict) or envelope.keys() != {"events"} or not isinstance(envelope["events"], list):
        raise HttpError(400, 'The body must be an object with one list: {"events": […]}.')
    events: list[Any] = envelope["events"]
    if len(events) > MAX_EVENTS:
        raise HttpError(413, f"A request may hold {MAX_EVENTS} events, not {len(events)}.")
    return events
