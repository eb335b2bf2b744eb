"""A request ID for each request: in the log and in the response; a proxy's own ID is kept."""

import re
from collections.abc import Callable
from contextvars import ContextVar
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
_SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{7,63}")
_ATTRIBUTE = "_request_id"
_current: ContextVar[str] = ContextVar("request_id", default="")


def current_request_id() -> str:
    """Return the ID of the current request; empty outside of a request."""
    return _current.get()


def id_of(request: object) -> str:
    """Return the ID of a request that has ended; empty for anything else."""
    found = getattr(request, _ATTRIBUTE, "")
    return found if isinstance(found, str) else ""


class RequestIdMiddleware:
    """Sets the request ID. It is the outermost middleware, so that everything logged for a request has the ID."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        request_id = given if _SANE.fullmatch(given) else uuid4().hex
        setattr(request, _ATTRIBUTE, request_id)
        token = _current.set(request_id)
        try:
            response = self.get_response(request)
        finally:
            _current.reset(token)
        response[HEADER] = request_id
        return response
