"""Messages in formats of their senders: kept as they come, and answered part by part."""

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
    """What became of one message."""

    id: str
    """The source's own with its type; where it has none, made from the content."""
    type: str
    status: Literal["accepted", "repeated", "ignored", "parked"]
    notifications: list[str] = []
    """Accepted: the types that it became."""
    reason: str | None = None
    """Ignored or parked: why, in a word."""
    detail: str | None = None
    """The same in a sentence."""


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
    """Send one notification, a list of them, or what a queue or bus wraps around them.

    200 says that everything is kept: do not send it again. A message is known by its type and `NotificationId`;
    sending it again changes nothing.
    """
    return take_in(request)


def take_in(request: SourceRequest) -> HttpResponse:
    """Hand the body to the format of the source, and answer for each part of it."""
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
