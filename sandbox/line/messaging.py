"""The Messaging API: push, reply, profile, quota, webhook settings."""

import functools
import json
import uuid
from collections.abc import Callable
from typing import Any, Concatenate

from sandbox.line.answers import refused, said
from sandbox.line.channels import BASIC_ID, BOT_NAME, BOT_USER_ID, MESSAGING_CHANNEL_ID
from sandbox.line.platform import KEY_SECONDS, LINK_SECONDS, Message, Platform
from sandbox.line.tokens import channel_of
from sandbox.line.validation import problems
from sandbox.web.server import Request, Response

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
                return refused(failure.status)
            return view(self, request, *found)

        return wrapper

    return decorate


class Messaging:
    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    @authorised("push")
    def push(self, request: Request) -> Response:
        key = request.headers.get("x-line-retry-key", "")
        if key:
            try:
                uuid.UUID(key)
            except ValueError:
                return refused(400, "The retry key is invalid")
        return self._deliver(request, "push", key)

    @authorised("push")
    def multicast(self, request: Request) -> Response:
        return self._deliver(request, "multicast", request.headers.get("x-line-retry-key", ""))

    def _deliver(self, request: Request, kind: str, key: str) -> Response:
        platform = self.platform
        body, details = problems(request.body, kind)
        if details:
            return refused(400, f"The request body has {len(details)} error(s)", details)
        to = body["to"] if isinstance(body["to"], list) else [body["to"]]
        if kind == "multicast" and len(to) > 500:
            return refused(
                400,
                "The request body has 1 error(s)",
                [{"message": "Size must be between 1 and 500", "property": "to"}],
            )
        if any(one not in platform.people for one in to):
            return refused(400, "The property, 'to', in the request body is invalid (line: -, column: -)")
        with platform.lock:
            if key and (before := platform.retry_keys.get(key, now=platform.now())):
                repeated = {"message": "The retry key is already accepted", **before["answer"]}
                return said(repeated, 409, **{"x-line-accepted-request-id": before["id"]})
            hearers = [one for one in to if platform.people[one].hears_us]
            quota = platform.faults.monthly_quota
            if quota is not None and platform.faults.consumed + len(hearers) > quota:
                return refused(429, "You have reached your monthly limit.")
            platform.faults.consumed += len(hearers)
            sent: list[Message] = []
            for one in hearers:
                sent += platform.add_messages(one, body["messages"], by_bot=True)
            ids = [one.id for one in sent] or [platform.secret() for _ in body["messages"]]
            told: dict[str, Any] = (
                {} if kind == "multicast" else {"sentMessages": [{"id": one, "quoteToken": one} for one in ids]}
            )
            answer = said(told)
            if key:
                kept = {"id": answer.headers["x-line-request-id"], "answer": told}
                platform.retry_keys.put(key, kept, until=platform.now() + KEY_SECONDS)
            return answer

    @authorised("reply")
    def reply(self, request: Request) -> Response:
        body, details = problems(request.body, "reply")
        if details:
            return refused(400, f"The request body has {len(details)} error(s)", details)
        user_id = self.platform.reply_tokens.take(body["replyToken"], now=self.platform.now())
        if user_id is None:
            return refused(400, "Invalid reply token")
        sent = []
        if self.platform.people[user_id].hears_us:
            sent = self.platform.add_messages(user_id, body["messages"], by_bot=True)
        return said({"sentMessages": [{"id": one.id, "quoteToken": one.id} for one in sent]})

    @authorised("validate")
    def validate(self, request: Request, kind: str) -> Response:
        body, _details = problems(request.body, "push")
        _body, details = problems(json.dumps({**body, "to": "U", "replyToken": "r"}).encode(), "push")
        return refused(400, f"The request body has {len(details)} error(s)", details) if details else said({})

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
        status = self.platform.webhooks.post([])
        return said(
            {
                "success": status == 200,
                "timestamp": "2026-11-25T00:00:00Z",
                "statusCode": status,
                "reason": "OK" if status == 200 else "COULD_NOT_CONNECT" if not status else "ERROR_STATUS_CODE",
                "detail": str(status),
            }
        )

    def _endpoint(self, request: Request) -> str:
        try:
            return str(json.loads(request.body or b"{}").get("endpoint", ""))
        except (ValueError, AttributeError):
            return ""
