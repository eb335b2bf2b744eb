"""Order feeds in: a shop's own cart system sends its orders as they stand."""

from typing import Any, Literal

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.translation import get_language_from_request, override
from ninja import Router, Schema
from ninja.errors import HttpError
from pydantic_core import to_json

from ..enums import SourceKind
from ..sources.contract import MOST_PARTS
from ..sources.receipts import Receipt
from ..sources.receiving import TooMuchError, receive
from .auth import KeyOfSource, SourceRequest
from .description import Problem

router = Router(auth=KeyOfSource(SourceKind.MALL))

_REQUEST = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {"schema": {"type": "string"}, "example": "注文番号,処理区分,商品名,SKU,数量\n"},
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "orders": {"type": "array", "maxItems": MOST_PARTS, "items": {"type": "object"}}
                    },
                    "required": ["orders"],
                }
            },
        },
    }
}


class FeedResult(Schema):
    """What became of one order."""

    status: Literal["accepted", "repeated", "ignored", "parked"]
    type: str
    """Its status in the words of the feed."""
    reason: str | None = None
    """Why it was ignored or parked, as a word."""
    detail: str | None = None
    """The same as a sentence, which names line and column."""


class FeedAnswer(Schema):
    """One result for each order, in the order of the feed."""

    results: list[FeedResult]


@router.post(
    "/sources/mall",
    response={200: FeedAnswer, 400: Problem, 401: Problem, 413: Problem},
    openapi_extra=_REQUEST,
    operation_id="post_mall_feed",
    summary="Send the orders of a shop's own system",
)
def post_feed(request: SourceRequest) -> HttpResponse:
    """Send up to 1,000 orders as CSV or JSON. One bad line never sinks the others: each order has its own result.

    Orders may be sent again and again: the same news is told once, and an older state undoes nothing.
    """
    try:
        with override(_language_of(request)):
            receipts = receive(
                request.auth, request.body, way="http", content_type=request.headers.get("Content-Type", "")
            )
    except RequestDataTooBig:
        raise HttpError(413, f"The body is larger than {settings.EVENTS_BODY_BYTES} bytes.") from None
    except TooMuchError as error:
        raise HttpError(413, str(error)) from None
    except UnreadablePostError:
        raise HttpError(400, "The body ended too early.") from None
    return HttpResponse(to_json({"results": [_answer(one) for one in receipts]}), content_type="application/json")


def _language_of(request: HttpRequest) -> str:
    """The engineers of Japanese carts read these sentences; the machines of others ask for nothing."""
    return get_language_from_request(request) if "Accept-Language" in request.headers else "en"


def _answer(receipt: Receipt) -> dict[str, Any]:
    answer = {"status": receipt.outcome.value, "type": receipt.type}
    return answer | {name: text for name in ("reason", "detail") if (text := getattr(receipt, name))}
