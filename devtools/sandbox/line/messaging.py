"""The Messaging API: push, reply, profile, quota, webhook settings."""

import functools
import json
import re
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Concatenate

from devtools.sandbox.line.answers import failed, invalid, refused, said
from devtools.sandbox.line.channels import BASIC_ID, BOT_NAME, BOT_USER_ID, MESSAGING_CHANNEL_ID
from devtools.sandbox.line.chats import Message
from devtools.sandbox.line.platform import KEY_SECONDS, LINK_SECONDS, Platform
from devtools.sandbox.line.tokens import channel_of
from devtools.sandbox.line.validation import check
from devtools.sandbox.web.server import Request, Response

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

Bound = Callable[Concatenate["Messaging", Request, ...], Response]


def authorised(endpoint: str) -> Callable[[Bound], Bound]:
    """Only for our messaging channel; and the place where the endpoint's faults happen."""

    def decorate(view: Bound) -> Bound:
        @functools.wraps(view)
        def wrapper(self: "Messaging", request: Request, *found: Any) -> Response:
            if channel_of(self.platform, request) != MESSAGING_CHANNEL_ID:
                return refused(401)
            failure = self.platform.faults.next_failure(endpoint)
            if failure is not None:
                if failure.accepted:
                    view(self, request, *found)
                return failed(failure)
            return view(self, request, *found)

        return wrapper

    return decorate


class Messaging:
    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    @authorised("push")
    def push(self, request: Request) -> Response:
        return self._deliver(request, "push")

    @authorised("multicast")
    def multicast(self, request: Request) -> Response:
        return self._deliver(request, "multicast")

    def _deliver(self, request: Request, kind: str) -> Response:
        platform = self.platform
        key = request.headers.get("x-line-retry-key", "").lower()
        if key and not _UUID.fullmatch(key):
            return refused(400, "The retry key is invalid")
        body, refusal = check(request.body, kind)
        if refusal:
            return invalid(refusal)
        receivers = list(dict.fromkeys(body["to"])) if kind == "multicast" else [body["to"]]
        if any(one not in platform.people for one in receivers):
            return refused(400, "The property, 'to', in the request body is invalid (line: -, column: -)")
        with platform.lock:
            if key and (before := platform.retry_keys.get(key, now=platform.now())):
                repeated = {"message": "The retry key is already accepted", **before["answer"]}
                return said(repeated, 409, {"x-line-accepted-request-id": before["id"]})
            hearers = [one for one in receivers if platform.people[one].hears_us]
            quota = platform.faults.monthly_quota
            if quota is not None and platform.faults.consumed + len(hearers) > quota:
                return refused(429, "You have reached your monthly limit.")
            platform.faults.consumed += len(hearers)
            request_id = str(uuid.uuid4())
            sent: list[Message] = []
            for one in hearers:
                sent += platform.add_messages(one, body["messages"], by_bot=True, request_id=request_id)
            told = {} if kind == "multicast" else sent_messages(sent or body["messages"])
            if key:
                kept = {"id": request_id, "answer": told}
                platform.retry_keys.put(key, kept, until=platform.now() + KEY_SECONDS)
            return said(told, headers={"x-line-request-id": request_id})

    @authorised("reply")
    def reply(self, request: Request) -> Response:
        if "x-line-retry-key" in request.headers:
            return refused(400, "The retry key is not supported by this API")
        body, refusal = check(request.body, "reply")
        if refusal:
            return invalid(refusal)
        user_id = self.platform.reply_tokens.take(body["replyToken"], now=self.platform.now())
        if user_id is None:
            return refused(400, "Invalid reply token")
        request_id = str(uuid.uuid4())
        sent: list[Message] = []
        if self.platform.people[user_id].hears_us:
            sent = self.platform.add_messages(user_id, body["messages"], by_bot=True, request_id=request_id)
        return said(sent_messages(sent or body["messages"]), headers={"x-line-request-id": request_id})

    @authorised("validate")
    def validate(self, request: Request, kind: str) -> Response:
        _body, refusal = check(request.body, "validate")
        return invalid(refusal) if refusal else said({})

    @authorised("linkToken")
    def link_token(self, request: Request, user_id: str) -> Response:
        person = self.platform.people.get(user_id)
        if person is None or not person.hears_us:
            return refused(404 if person is None else 400, "Not found" if person is None else "Bad request")
        token = self.platform.secret()
        self.platform.link_tokens.put(token, user_id, until=self.platform.now() + LINK_SECONDS)
        return said({"linkToken": token})

    @authorised("profile")
    def profile(self, request: Request, user_id: str) -> Response:
        person = self.platform.people.get(user_id)
        if person is None or not person.hears_us:
            return refused(404)
        told = {"userId": person.id, "displayName": person.name, "language": person.language}
        if picture := self.platform.picture_url(person):
            told["pictureUrl"] = picture
        return said(told)

    @authorised("info")
    def info(self, request: Request) -> Response:
        return said(
            {
                "userId": BOT_USER_ID,
                "basicId": BASIC_ID,
                "displayName": BOT_NAME,
                "chatMode": "bot",
                "markAsReadMode": "auto",
            }
        )

    @authorised("quota")
    def quota(self, request: Request) -> Response:
        limit = self.platform.faults.monthly_quota
        return said({"type": "none"} if limit is None else {"type": "limited", "value": limit})

    @authorised("quota")
    def consumption(self, request: Request) -> Response:
        return said({"totalUsage": self.platform.faults.consumed})

    @authorised("webhook")
    def webhook(self, request: Request) -> Response:
        if not self.platform.webhook_url:
            return refused(404, "Webhook endpoint not found")
        return said({"endpoint": self.platform.webhook_url, "active": self.platform.webhook_active})

    @authorised("webhook")
    def set_webhook(self, request: Request) -> Response:
        url = self._endpoint(request)
        if not url.startswith(("https://", "http://")) or len(url) > 500:
            return refused(400, "Invalid webhook endpoint URL")
        self.platform.webhook_url = url
        return said({})

    @authorised("webhook")
    def test_webhook(self, request: Request) -> Response:
        status = self.platform.webhooks.post([], url=self._endpoint(request))
        at = datetime.fromtimestamp(self.platform.now(), UTC)
        reason = "OK" if 200 <= status < 300 else "ERROR_STATUS_CODE" if status else "COULD_NOT_CONNECT"
        return said(
            {
                "success": reason == "OK",
                "timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "statusCode": status,
                "reason": reason,
                "detail": str(status or "no answer"),
            }
        )

    def _endpoint(self, request: Request) -> str:
        try:
            return str(json.loads(request.body or b"{}").get("endpoint", ""))
        except (ValueError, AttributeError):
            return ""


def sent_messages(sent: Sequence[Any]) -> dict[str, Any]:
    """Of what reached nobody too: blocked and delivered look alike."""
    ids = [one.id if isinstance(one, Message) else str(uuid.uuid4().int)[:18] for one in sent]
    return {"sentMessages": [{"id": one, "quoteToken": f"quote-{one}"} for one in ids]}
