"""JSON for scripts: what people do, what they see, and what goes wrong."""

import json
import re
from collections.abc import Iterator
from typing import Any

from devtools.sandbox.line.answers import refused, said
from devtools.sandbox.line.chats import Message
from devtools.sandbox.line.people import Person
from devtools.sandbox.line.platform import Platform
from devtools.sandbox.web.server import Request, Response

IMAGE = {"type": "image", "contentProvider": {"type": "line"}}
STICKER = {"type": "sticker", "packageId": "446", "stickerId": "1988", "stickerResourceType": "ANIMATION"}


MAX_SECONDS = 10 * 365 * 24 * 3600


class Scripts:
    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def users(self, request: Request) -> Response:
        people = self._platform.people.values()
        return said(
            [
                {**vars(person), "hears_us": person.hears_us, "picture": self._platform.picture_url(person)}
                for person in people
            ]
        )

    def messages(self, request: Request) -> Response:
        """Oldest first: of one user or of all, by `limit` and `offset`."""
        found = self._platform.chat(request.query.get("user"))
        offset, limit = _whole(request.query.get("offset"), 0), _whole(request.query.get("limit"), len(found))
        return said(
            [one.as_json() for one in found[offset : offset + limit]], headers={"X-Total-Count": str(len(found))}
        )

    def clear_messages(self, request: Request) -> Response:
        with self._platform.lock:
            self._platform.messages.clear()
        return Response("", 204)

    def act(self, request: Request, user_id: str, what: str) -> Response:
        person = self._platform.people.get(user_id)
        if person is None:
            return refused(404)
        wanted = _object(request)
        if wanted is None:
            return refused(400, "This is no JSON object.")
        if what == "say":
            self._platform.say(person, _message(wanted))
            return said({})
        if what == "tap":
            return self._tap(person, wanted)
        (self._platform.block if what == "block" else self._platform.follow)(person)
        return said({})

    def _tap(self, person: Person, wanted: dict[str, Any]) -> Response:
        """By its label the newest such button; with `data` a button that may be long gone."""
        action: dict[str, Any] | None = {**wanted, "type": "postback"} if "data" in wanted else None
        if action is None:
            action = newest_action(self._platform.chat(person.id), str(wanted.get("label", "")))
        if action is None:
            return refused(404, "There is no such button.")
        self._platform.tap(person, action)
        return said(action)

    def faults(self, request: Request) -> Response:
        return said(self._platform.faults.as_json())

    def set_faults(self, request: Request) -> Response:
        wanted = _object(request)
        if wanted is None:
            return refused(400, "This is no JSON object.")
        revoke = wanted.pop("revoke_channel_tokens", False)
        try:
            self._platform.faults.lay_over(wanted)
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            return refused(400, f"These faults make no sense: {error}")
        if revoke:
            self._platform.channel_tokens.clear()
        return said(self._platform.faults.as_json())

    def clear_faults(self, request: Request) -> Response:
        self._platform.faults.clear()
        return Response("", 204)

    def advance_clock(self, request: Request) -> Response:
        """Forward only: what has expired stays so."""
        seconds = (_object(request) or {}).get("advance_seconds")
        if not isinstance(seconds, int | float) or not 0 <= seconds < MAX_SECONDS:
            return refused(400, "advance_seconds must be a number of seconds from now.")
        self._platform.advance(seconds)
        return said({"now": self._platform.now()})

    def release_webhooks(self, request: Request) -> Response:
        """Send what is held, and hold nothing more."""
        self._platform.faults.webhooks.pop("hold", None)
        turned = bool((_object(request) or {}).get("reversed"))
        return said({"released": self._platform.webhooks.release(turned=turned)})

    def raw_webhooks(self, request: Request) -> Response:
        """{"events": […]} as they are; what an event lacks of its frame is added."""
        events = (_object(request) or {}).get("events")
        if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
            return refused(400, "The events are missing.")
        self._platform.webhooks.send(events)
        return said({})

    def webhook_log(self, request: Request) -> Response:
        return said(list(self._platform.webhooks.log))

    def reset(self, request: Request) -> Response:
        self._platform.reset()
        return said({})


def newest_action(chat: list[Message], label: str) -> dict[str, Any] | None:
    """Of the newest message with a button of that label."""
    for message in reversed(chat):
        if message.by_bot and json.dumps(label, ensure_ascii=False) in message.raw:
            for action in _actions(message.content):
                if action.get("label") == label:
                    return action
    return None


def _object(request: Request) -> dict[str, Any] | None:
    try:
        found = json.loads(request.body or b"{}")
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _message(wanted: dict[str, Any]) -> dict[str, Any]:
    match wanted.get("type", "text"):
        case "text":
            return {"type": "text", "text": str(wanted.get("text", ""))[:5000]}
        case "image":
            return dict(IMAGE)
        case "sticker":
            return {**STICKER, **{key: str(wanted[key]) for key in ("packageId", "stickerId") if key in wanted}}
        case _unknown_kind:
            return wanted


def _actions(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        for name, value in part.items():
            if name in ("action", "defaultAction") and isinstance(value, dict):
                yield value
            elif name == "actions" and isinstance(value, list):
                yield from value
            yield from _actions(value)
    elif isinstance(part, list):
        for one in part:
            yield from _actions(one)


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,9}", text) else default
