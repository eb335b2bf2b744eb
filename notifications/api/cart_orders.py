"""Endpoint for order feeds of a shop's own cart system, in CSV or JSON."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_from_request, override
from ninja import Router

from ..ingest.formats.base import MAX_PARTS
from ..types.enums import SourceKind
from .auth import KeyOfSource, SourceRequest
from .schemas import Problem
from .selling_partner import MessagesAnswer, take_in

router = Router()

_FEED: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {"schema": {"type": "string"}, "example": "注文番号,処理区分,商品名,SKU,数量\n"},
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {"orders": {"type": "array", "maxItems": MAX_PARTS, "items": {"type": "object"}}},
                    "required": ["orders"],
                }
            },
        },
    }
}


@router.post(
    "/sources/cart",
    response={200: MessagesAnswer, 400: Problem, 401: Problem, 413: Problem},
    auth=KeyOfSource(SourceKind.CART),
    openapi_extra=_FEED,
    operation_id="post_cart_orders",
    summary="Send the orders of a shop's own system",
)
def post_cart_orders(request: SourceRequest) -> HttpResponse:
    """Send up to 1,000 orders as CSV or JSON. Each order has its own result; a bad line does not affect other orders.
    Orders may be sent repeatedly: each change is notified once, and an older state changes nothing.
    """
    with override(_language_of(request)):
        return take_in(request)


def _language_of(request: HttpRequest) -> str:
    """Return the language of the sentences: the one requested, which engineers of Japanese carts use, or English."""
    return get_language_from_request(request) if "Accept-Language" in request.headers else "en"
