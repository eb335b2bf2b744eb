"""Answers as LINE writes them."""

import json
import uuid
from typing import Any

from sandbox.web.server import Response

JSON = "application/json"
_SAID = {
    400: "Bad request",
    401: "Authentication failed due to the following reason: invalid token. "
    "Confirm that the access token in the authorization header is valid.",
    403: "Not authorized",
    404: "Not found",
    429: "The API rate limit has been exceeded. Try again later.",
    500: "Internal Server Error",
}


def said(body: Any, status: int = 200, **headers: str) -> Response:
    """Every answer of LINE has a request id."""
    made = {"x-line-request-id": str(uuid.uuid4()), **headers}
    return Response(json.dumps(body, ensure_ascii=False), status, JSON, made)


def refused(status: int, message: str = "", details: list[dict[str, str]] | None = None) -> Response:
    body: dict[str, Any] = {"message": message or _SAID.get(status, "Error")}
    if details:
        body["details"] = details
    return said(body, status)


def oauth_error(error: str, description: str, status: int = 400) -> Response:
    return said({"error": error, "error_description": description}, status)
