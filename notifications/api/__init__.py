"""The HTTP API for the marketplace's systems. Its messages are for developers and in English only."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError
from ninja.openapi.schema import OpenAPISchema

from ..types.enums import SourceKind
from .auth import KeyOfSource
from .cart_orders import router as cart
from .documentation import Reference
from .events import router as events
from .notifications import router as notifications
from .rejections import refuse
from .schemas import PAYLOAD_SCHEMAS
from .selling_partner import router as sources

__all__ = ["api"]


class EventsAPI(NinjaAPI):
    """A NinjaAPI whose OpenAPI schema includes the payloads of all notification types."""

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**kwargs)
        schema["components"]["schemas"] |= PAYLOAD_SCHEMAS
        return schema


api = EventsAPI(
    title="SellerHub",
    version="1",
    description="Send what happened to a seller, and see who was told by which road. Every request carries the"
    " key of its source: `Authorization: Bearer shk_…`.",
    urls_namespace="api",
    auth=KeyOfSource(SourceKind.EVENTS),
    docs=Reference(),
)
api.add_router("", events)
api.add_router("", notifications)
api.add_router("", sources)
api.add_router("", cart)


@api.exception_handler(HttpError)
def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer a request that is rejected as a whole."""
    return refuse(request, error.status_code, str(error))


@api.exception_handler(AuthenticationError)
def unauthorized(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Answer 401 with the WWW-Authenticate header of RFC 6750, section 3."""
    challenge = 'Bearer realm="SellerHub"'
    if "Authorization" in request.headers:
        challenge += ', error="invalid_token"'
    response = refuse(request, 401, "This needs the key of an active source.")
    response["WWW-Authenticate"] = challenge
    return response
