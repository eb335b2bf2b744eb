"""Client of LINE's Messaging API, using line-bot-sdk, for workers and commands: its import takes 0.75 s and 66 MiB.

One client per process, shared by its threads. Nothing is retried implicitly, and every call has a time-out.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import urllib3
from linebot.v3.messaging import ApiClient, Configuration, MessagingApi
from linebot.v3.messaging.exceptions import ApiException
from linebot.v3.messaging.models import (
    Message,
    PushMessageRequest,
    ReplyMessageRequest,
    SetWebhookEndpointRequest,
    TestWebhookEndpointRequest,
)
from pydantic_core import from_json, to_json

from .config import CONNECT_SECONDS, READ_SECONDS, LineServer
from .http import LineApiError, LineError, UnreachableError
from .responses import NO_ANSWER, NOT_CONNECTED, LineResponse
from .tokens import ChannelToken

_TIMEOUT = (CONNECT_SECONDS, READ_SECONDS)


class ReadyFlex(Message):  # type: ignore[misc]  # the SDK carries no types
    """The SDK's message around flex JSON that is complete.

    The SDK's FlexMessage parses and serialises every part of a bubble repeatedly, half of the CPU time of a push, and
    silently drops what it does not know.
    """

    type: str = "flex"
    alt_text: str
    contents: Any

    def dict(self, **_options: Any) -> Any:
        return {"type": self.type, "altText": self.alt_text, "contents": self.contents}

    to_dict = dict


class MessagingClient:
    """Calls of the Messaging API; each returns LINE's data or a `LineResponse`."""

    def __init__(self, server: LineServer, *, connections: int = 4) -> None:
        configuration = Configuration(host=server.api_url, access_token="")
        configuration.retries = False
        configuration.connection_pool_maxsize = connections
        self._token = ChannelToken(server)
        self._client = ApiClient(configuration)
        # Our token changes while threads use the client, so each call passes it; the SDK's own would override it.
        del self._client.default_headers["Authorization"]
        configuration.access_token = None
        self._api = MessagingApi(self._client)

    def push(self, to: str, alt_text: str, contents: object, *, retry_key: UUID) -> LineResponse:
        """Send one flex message; LINE accepts the same retry key once in 24 hours."""
        request = PushMessageRequest(to=to, messages=[_flex(alt_text, contents)])
        return self._answer(
            lambda headers: self._api.push_message_with_http_info(
                request, str(retry_key), _headers=headers, _request_timeout=_TIMEOUT
            )
        )

    def reply(self, reply_token: str, alt_text: str, contents: object) -> LineResponse:
        """Reply to an event; the token works once, for about a minute."""
        request = ReplyMessageRequest(replyToken=reply_token, messages=[_flex(alt_text, contents)])
        return self._answer(
            lambda headers: self._api.reply_message_with_http_info(request, _headers=headers, _request_timeout=_TIMEOUT)
        )

    def link_token(self, user_id: str) -> str:
        """Issue a link token for this LINE user, valid once and for ten minutes; raises LineError."""
        return str(self._said(lambda **o: self._api.issue_link_token_with_http_info(user_id, **o))["linkToken"])

    def profile(self, user_id: str) -> dict[str, Any]:
        """Return name, picture and language; raises LineError (404: no friend, or the user blocked us)."""
        return self._said(lambda **o: self._api.get_profile_with_http_info(user_id, **o))

    def bot_info(self) -> dict[str, Any]:
        """Return our own account's profile; raises LineError."""
        return self._said(lambda **o: self._api.get_bot_info_with_http_info(**o))

    def quota(self) -> tuple[int | None, int]:
        """Return this month's message limit, None when there is none, and the number used; raises LineError."""
        limit = self._said(lambda **o: self._api.get_message_quota_with_http_info(**o))
        used = self._said(lambda **o: self._api.get_message_quota_consumption_with_http_info(**o))
        limited = limit.get("type") == "limited"
        return int(limit.get("value") or 0) if limited else None, int(used.get("totalUsage") or 0)

    def is_quota_used_up(self) -> bool:
        """Return whether the quota is used up: LINE sends 429 for four reasons; its own count identifies this one."""
        try:
            limit, used = self.quota()
        except LineError:
            return False
        return limit is not None and used >= limit

    def webhook_endpoint(self) -> tuple[str, bool]:
        """Return the URL that LINE sends events to, empty for none, and whether it is enabled; raises LineError."""
        try:
            said = self._said(lambda **o: self._api.get_webhook_endpoint_with_http_info(**o))
        except LineApiError as error:
            if error.status == 404:
                return "", False
            raise
        return str(said.get("endpoint") or ""), said.get("active") is True

    def set_webhook_endpoint(self, url: str) -> None:
        """Set the URL that LINE sends events to; raises LineError."""
        request = SetWebhookEndpointRequest(endpoint=url)
        self._said(lambda **o: self._api.set_webhook_endpoint_with_http_info(request, **o))

    def test_webhook_endpoint(self, url: str) -> tuple[bool, str]:
        """Have LINE send a test event; return whether it succeeded, and LINE's code and reason; raises LineError."""
        request = TestWebhookEndpointRequest(endpoint=url)
        said = self._said(lambda **o: self._api.test_webhook_endpoint_with_http_info(request, **o))
        return said.get("success") is True, f"{said.get('statusCode', '')} {said.get('reason', '')}".strip()

    def close(self) -> None:
        """Close all connections."""
        self._client.rest_client.pool_manager.clear()

    def _said(self, call: Callable[..., Any]) -> dict[str, Any]:
        answer = self._answer(lambda headers: call(_headers=headers, _request_timeout=_TIMEOUT))
        if answer.status in (NO_ANSWER, NOT_CONNECTED, 429) or answer.status >= 500:
            raise UnreachableError(f"LINE answered {answer.status}")
        try:
            said = from_json(answer.body or "{}")
        except ValueError:
            said = {}
        said = said if isinstance(said, dict) else {}
        if answer.status != 200:
            raise LineApiError(answer.status, str(said.get("message", ""))[:200])
        return said

    def _answer(self, call: Callable[[dict[str, str]], Any]) -> LineResponse:
        """Call with our token; once more with a new one when LINE rejects it."""
        try:
            token = self._token.get()
            answer = _call(call, token)
            if answer.status == 401:
                answer = _call(call, self._token.get(refused=token))
        except UnreachableError:
            return LineResponse(NOT_CONNECTED)
        except LineApiError as error:  # no token is issued for these credentials
            return LineResponse(401, _as_body(error))
        except LineError as error:
            return LineResponse(502, _as_body(error))
        return answer


def _call(call: Callable[[dict[str, str]], Any], token: str) -> LineResponse:
    try:
        said = call({"Authorization": f"Bearer {token}"})
    except ApiException as error:
        return LineResponse(int(error.status or 500), _text(error.body), dict(error.headers or {}))
    except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError):
        return LineResponse(NOT_CONNECTED)
    except urllib3.exceptions.HTTPError:
        return LineResponse(NO_ANSWER)
    except ValueError:  # the SDK cannot parse the body of LINE's 200: LINE accepted the message all the same
        return LineResponse(200)
    return LineResponse(int(said.status_code), _text(said.raw_data), dict(said.headers or {}))


def _flex(alt_text: str, contents: object) -> ReadyFlex:
    return ReadyFlex(alt_text=alt_text, contents=contents)


def _text(body: bytes | str | None) -> str:
    return body.decode("utf-8", "replace") if isinstance(body, bytes) else body or ""


def _as_body(error: LineError) -> str:
    return to_json({"message": str(error)}).decode()
