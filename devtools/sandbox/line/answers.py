"""Answers as LINE writes them."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from devtools.sandbox.line.faults import Failure
from devtools.sandbox.line.validation import Refusal
from devtools.sandbox.web.server import Response, no_answer

JSON = "application/json"
_SAID = {
    400: "Bad request",
    401: "Authentication failed due to the following reason: invalid token. "
    "Confirm that the access token in the authorization header is valid.",
    403: "Access to this API is not available for your account",
    404: "Not found",
    429: "The API rate limit has been exceeded. Try again later.",
    500: "Internal Server Error",
}

_OAUTH_SAID = {400: "invalid_request", 401: "invalid_client", 403: "access_denied"}


def said(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Every answer of LINE has a request id."""
    made = {"x-line-request-id": str(uuid.uuid4()), **(headers or {})}
    return Response(json.dumps(body, ensure_ascii=False), status, JSON, made)


def refused(status: int, message: str = "", details: list[dict[str, str]] | None = None) -> Response:
    body: dict[str, Any] = {"message": message or _SAID.get(status, "Error")}
    if details:
        body["details"] = details
    return said(body, status)


def invalid(refusal: Refusal) -> Response:
    return refused(400, refusal.message, refusal.details)


def failed(failure: Failure) -> Response:
    """A fault, in the words of the Messaging API."""
    if not failure.status:
        return no_answer()
    late = {} if failure.retry_after is None else {"retry-after": str(failure.retry_after)}
    return said({"message": _SAID.get(failure.status, "Error")}, failure.status, late)


def oauth_failed(failure: Failure) -> Response:
    """A fault, in the words of OAuth."""
    if not failure.status:
        return no_answer()
    return oauth_error(_OAUTH_SAID.get(failure.status, "server_error"), "a fault of the sandbox", failure.status)


def oauth_error(error: str, description: str, status: int = 400) -> Response:
    return said({"error": error, "error_description": description}, status)
