"""Endpoint for notifications of the Selling Partner API, and the handling shared by all source formats."""

from typing import Any, Literal

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from ninja import Router, Schema
from ninja.errors import HttpError
from pydantic_core import to_json

from ..ingest.messages.intake import TooMuchError, receive
from ..ingest.messages.receipts import Receipt
from ..types.enums import SourceKind
from .auth import KeyOfSource, SourceRequest
from .schemas import Problem

router = Router()

WAY = "http"
_MESSAGES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"oneOf": [{"type": "object"}, {"type": "array"}]}}},
    }
}


class MessageResult(Schema):
    """The result of one message."""

    id: str
    """The source's own ID with the type, or one made from the content."""
    type: str
    status: Literal["accepted", "repeated", "ignored", "parked"]
    notifications: list[str] = []
    """Accepted: the types of its notifications."""
    reason: str | None = None
    """Ignored or parked: the code of the reason."""
    detail: str | None = None
    """Ignored or parked: the reason in a sentence."""


class MessagesAnswer(Schema):
    """One result for each message, in order."""

    results: list[MessageResult]


@router.post(
    "/sources/spapi",
    response={200: MessagesAnswer, 400: Problem, 401: Problem, 413: Problem},
    auth=KeyOfSource(SourceKind.SELLING_PARTNER),
    openapi_extra=_MESSAGES,
    operation_id="post_selling_partner_messages",
    summary="Send notifications of the Selling Partner API",
)
def post_selling_partner_messages(request: SourceRequest) -> HttpResponse:
    """Send one notification, a list of them, or the envelope of a queue or bus around them.
    200 means that everything is stored: do not send it again. A message is identified by its type and `NotificationId`;
    sending it again changes nothing.
    """
    return take_in(request)


def take_in(request: SourceRequest) -> HttpResponse:
    """Pass the body to the format of the source, and return a result for each part of it."""
    body = _body_of(request)
    try:
        receipts = receive(request.auth, body, way=WAY, content_type=request.headers.get("Content-Type", ""))
    except TooMuchError as error:
        raise HttpError(413, str(error)) from None
    return HttpResponse(to_json({"results": [_answer(one) for one in receipts]}), content_type="application/json")


def _body_of(request: HttpRequest) -> bytes:
    try:
        body = request.body
    except RequestDataTooBig:
        raise HttpError(413, f"The body is larger than {settings.EVENTS_BODY_BYTES} bytes.") from None
    except UnreadablePostError:
        raise HttpError(400, "The body ended too early.") from None
    if not body:
        raise HttpError(400, "The body is empty.")
    return body


def _answer(receipt: Receipt) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "id": receipt.message_id,
        "type": receipt.type,
        "status": receipt.outcome,
        "notifications": receipt.told,
    }
    if receipt.reason:
        answer |= {"reason": receipt.reason, "detail": receipt.detail}
    return answer
