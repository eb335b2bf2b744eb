"""LINE's responses to a push, mapped to outcomes. No I/O.

https://developers.line.biz/en/docs/messaging-api/retrying-api-request/
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic_core import from_json

from ...types.enums import PauseReason
from .. import internal_reasons
from ..base import Outcome, PauseRequest, SendResult
from .messages import LineMessage

_JAPAN = ZoneInfo("Asia/Tokyo")


class LineResponse(NamedTuple):
    """LINE's response, before it is interpreted."""

    status: int
    """0: no connection could be made. -1: the request was sent, and no response came."""
    body: str = ""
    headers: Mapping[str, str] = {}


NOT_CONNECTED, NO_ANSWER = 0, -1


def outcome(message: LineMessage, answer: LineResponse, *, quota_used_up: bool = False, now: datetime) -> Outcome:
    """Return the outcome for the message; it pauses the channel for 401, 403 and a used-up quota."""
    made = message.delivery_id
    match answer.status:
        case 200:
            return Outcome(made, SendResult.ACCEPTED, request_id(answer), 200)
        case 409:  # the same retry key: it was accepted before
            return Outcome(made, SendResult.ACCEPTED, request_id(answer), 409)
        case 401:
            return _halted(made, answer, PauseRequest(PauseReason.UNAUTHORIZED, None, words(answer)))
        case 403:
            return _halted(made, answer, PauseRequest(PauseReason.FORBIDDEN, None, words(answer)))
        case 429 if quota_used_up:
            return _halted(made, answer, PauseRequest(PauseReason.QUOTA, month_end(now), words(answer)))
        case 429:
            return Outcome(made, SendResult.UNREACHABLE, words(answer), 429)
        case 0:
            return Outcome(made, SendResult.UNREACHABLE, internal_reasons.LINE_UNREACHABLE)
        case -1:  # it may have arrived: the retry key prevents a second one
            return Outcome(made, SendResult.DEFERRED, internal_reasons.LINE_SILENT)
        case status if status >= 500:
            return Outcome(made, SendResult.DEFERRED, words(answer), status)
        case status:
            return Outcome(made, SendResult.REFUSED, words(answer), status)


def month_end(now: datetime) -> datetime:
    """Return when LINE's monthly quota is renewed: on the first of the month in Japan."""
    first = now.astimezone(_JAPAN).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1)


def words(answer: LineResponse) -> str:
    """Return LINE's error message, with the properties it names."""
    try:
        said = from_json(answer.body or "{}")
    except ValueError:
        return f"{answer.status}"
    if not isinstance(said, dict):
        return f"{answer.status}"
    details = said.get("details")
    places = [f"{one.get('property')}: {one.get('message')}" for one in details or () if isinstance(one, dict)]
    return " ".join([str(said.get("message") or answer.status), *places])[:500]


def request_id(answer: LineResponse) -> str:
    """Return the request id by which LINE's support finds the request."""
    found = answer.headers.get("x-line-accepted-request-id") or answer.headers.get("x-line-request-id")
    return f"x-line-request-id {found}" if found else ""


def _halted(delivery_id: UUID, answer: LineResponse, pause_request: PauseRequest) -> Outcome:
    return Outcome(delivery_id, SendResult.UNREACHABLE, pause_request.detail, answer.status, pause_request)
