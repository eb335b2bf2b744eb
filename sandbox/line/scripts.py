"""JSON for scripts: what people do, what they see, and what goes wrong."""

import json
from typing import Any

from sandbox.line.answers import refused, said
from sandbox.line.people import Person
from sandbox.line.platform import Message, Platform
from sandbox.web.server import Request, Response

IMAGE, STICKER = {"type": "image"}, {"type": "sticker", "packageId": "446", "stickerId": "1988"}


class Scripts:
    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def users(self, request: Request) -> Response:
        people = self._platform.people.values()
        return said([{**vars(person), "hears_us": person.hears_us} for person in people])

    def messages(self, request: Request) -> Response:
        return said([one.as_json() for one in self._platform.chat(request.query.get("user"))])

    def clear_messages(self, request: Request) -> Response:
        with self._platform.lock:
            self._platform.messages.clear()
        return Response("", 204)

    def act(self, request: Request, user_id: str, what: str) -> Response:
        person = self._platform.people.get(user_id)
        if person is None:
            return refused(404)
        try:
            wanted = json.loads(request.body or b"{}")
        except ValueError:
            return refused(400, "This is no JSON.")
        if what == "say":
            self._platform.say(person, _message(wanted))
            return said({})
        if what == "tap":
            return self._tap(person, wanted)
        (self._platform.block if what == "block" else self._platform.follow)(person)
        return said({})

    def _tap(self, person: Person, wanted: dict[str, Any]) -> Response:
        """By its label the newest such button; with `data` a button that may be long gone."""
        action: dict[str, Any] | None = {"type": "postback", "data": wanted["data"]} if "data" in wanted else None
        if action is None:
            action = newest_action(self._platform.chat(person.id), str(wanted.get("label", "")))
        if action is None:
            return refused(404, "There is no such button.")
        if action["type"] == "postback":
            self._platform.postback(person, action)
        return said(action)

    def faults(self, request: Request) -> Response:
        return said(self._platform.faults.as_json())

    def set_faults(self, request: Request) -> Response:
        try:
            wanted = json.loads(request.body or b"{}")
            if wanted.pop("revoke_channel_tokens", False):
                self._platform.channel_tokens.clear()
            self._platform.faults.lay_over(wanted)
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            return refused(400, f"These faults make no sense: {error}")
        return said(self._platform.faults.as_json())

    def clear_faults(self, request: Request) -> Response:
        self._platform.faults.clear()
        return Response("", 204)

    def advance_clock(self, request: Request) -> Response:
        self._platform.advance(float(json.loads(request.body or b"{}").get("advance_seconds", 0)))
        return said({"now": self._platform.now()})

    def release_webhooks(self, request: Request) -> Response:
        self._platform.faults.webhooks["hold"] = False
        turned = bool(json.loads(request.body or b"{}").get("reversed"))
        return said({"released": self._platform.webhooks.release(turned=turned)})

    def raw_webhooks(self, request: Request) -> Response:
        self._platform.webhooks.send(json.loads(request.body)["events"])
        return said({})

    def webhook_log(self, request: Request) -> Response:
        return said(list(self._platform.webhooks.log))

    def reset(self, request: Request) -> Response:
        self._platform.reset()
        return said({})


def newest_action(chat: list[Message], label: str) -> dict[str, Any] | None:
    """Of the newest message with a button of that label."""
    for message in reversed(chat):
        for action in _actions(message.content):
            if message.by_bot and action.get("label") == label:
                return action
    return None


def _message(wanted: dict[str, Any]) -> dict[str, Any]:
    match wanted.get("type", "text"):
        case "text":
            return {"type": "text", "text": str(wanted.get("text", ""))[:5000]}
        case "image":
            return dict(IMAGE)
        case "sticker":
            return dict(STICKER)
        case kind:
            return {"type": str(kind)}


def _actions(part: Any) -> list[dict[str, Any]]:
    if isinstance(part, dict):
        own = [part["action"]] if isinstance(part.get("action"), dict) else []
        return own + [action for value in part.values() for action in _actions(value)]
    if isinstance(part, list):
        return [action for one in part for action in _actions(one)]
    return []
