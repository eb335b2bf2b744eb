"""HTTP calls to LINE other than the Messaging API: one pool per process, with time-outs, without implicit retries."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import urllib3
from pydantic_core import from_json, to_json

_MAX_ANSWER_BYTES = 256 * 1024
_POOL_SIZE = 8
_CONNECT_SECONDS, _READ_SECONDS = 2, 4
"""Short: a user waits for most of these."""


class LineError(Exception):
    """A call to LINE failed. The message is for the log and holds no personal data."""


class UnreachableError(LineError):
    """No response, or one of an outage or rate limit: the same call may work later."""


class LineApiError(LineError):
    """LINE rejected the call."""

    def __init__(self, status: int, error: str, detail: str = "") -> None:
        super().__init__(f"{status} {error}: {detail}" if detail else f"{status} {error}")
        self.status = status
        self.error = error
        self.detail = detail


def post_form(url: str, fields: Mapping[str, str]) -> dict[str, Any]:
    """POST a form and return LINE's JSON object; raises LineError."""
    return _call("POST", url, fields=dict(fields), encode_multipart=False)


def post_json(url: str, body: Mapping[str, Any], *, token: str) -> dict[str, Any]:
    """POST JSON with a bearer token and return LINE's JSON object; raises LineError."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    return _call("POST", url, body=to_json(body), headers=headers)


def get(url: str, *, token: str) -> dict[str, Any]:
    """GET with a bearer token and return LINE's JSON object; raises LineError."""
    return _call("GET", url, headers={"Authorization": f"Bearer {token}"})


def _call(method: str, url: str, **options: Any) -> dict[str, Any]:
    try:
        response = _pool().request(method, url, redirect=False, preload_content=False, **options)
        try:
            raw = response.read(_MAX_ANSWER_BYTES)
        finally:
            response.release_conn()
    except urllib3.exceptions.HTTPError as error:
        raise UnreachableError(type(error).__name__) from None
    if response.status >= 500 or response.status == 429:
        raise UnreachableError(f"LINE answered {response.status}")
    said = _object(raw)
    if response.status >= 300:
        words = str(said.get("error") or said.get("message") or "")[:200]
        raise LineApiError(response.status, words, str(said.get("error_description") or "")[:200])
    return said


def _object(raw: bytes) -> dict[str, Any]:
    try:
        said = from_json(raw) if raw.strip() else {}
    except ValueError:
        said = {}
    return said if isinstance(said, dict) else {}


@cache
def _pool() -> urllib3.PoolManager:
    return urllib3.PoolManager(
        maxsize=_POOL_SIZE, retries=False, timeout=urllib3.Timeout(connect=_CONNECT_SECONDS, read=_READ_SECONDS)
    )
