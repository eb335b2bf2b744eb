"""The state of this LINE: people, chats, tokens. In memory, bounded, and safe for several threads."""

import itertools
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sandbox.line.faults import Faults
from sandbox.line.people import Person, cast
from sandbox.line.webhooks import Webhooks

MOST_MESSAGES = 5_000
MOST_SECRETS = 20_000
REPLY_SECONDS, LINK_SECONDS, CODE_SECONDS = 60, 600, 600
KEY_SECONDS = 24 * 3600
TOKEN_SECONDS = 900


@dataclass(frozen=True)
class Message:
    """One line of a chat."""

    id: str
    user_id: str
    by_bot: bool
    content: dict[str, Any]
    at: float

    def as_json(self) -> dict[str, Any]:
        kind = self.content.get("type")
        return {
            "id": self.id,
            "user": self.user_id,
            "from": "bot" if self.by_bot else "user",
            "type": kind,
            "text": self.content.get("text") or self.content.get("altText") or "",
            "message": self.content,
            "at": self.at,
        }


class Expiring:
    """Secrets with what they stand for, each until its moment."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[Any, float]] = OrderedDict()

    def put(self, key: str, value: Any, *, until: float) -> None:
        self._kept[key] = value, until
        while len(self._kept) > MOST_SECRETS:
            self._kept.popitem(last=False)

    def get(self, key: str, *, now: float) -> Any:
        value, until = self._kept.get(key, (None, 0.0))
        return value if until > now else None

    def take(self, key: str, *, now: float) -> Any:
        """Works once."""
        value = self.get(key, now=now)
        self._kept.pop(key, None)
        return value

    def drop_where(self, value: Any) -> None:
        for key in [key for key, (kept, _until) in self._kept.items() if kept == value]:
            del self._kept[key]

    def clear(self) -> None:
        self._kept.clear()


@dataclass(eq=False)
class Platform:
    """Everything behind the routes."""

    webhook_url: str = ""
    callback_urls: tuple[str, ...] = ()
    origin: str = ""
    """Where pictures are, as a browser reaches them; empty: nobody has one."""
    faults: Faults = field(default_factory=Faults)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self.people: dict[str, Person] = cast()
        self.messages: list[Message] = []
        self.channel_tokens, self.link_tokens, self.codes = Expiring(), Expiring(), Expiring()
        self.access_tokens, self.refresh_tokens = Expiring(), Expiring()
        self.reply_tokens, self.retry_keys = Expiring(), Expiring()
        self.webhook_active = True
        self._ids = itertools.count(int(time.time() * 1000))
        self._ahead = 0.0
        self.webhooks = Webhooks(self)

    def now(self) -> float:
        return time.time() + self._ahead

    def advance(self, seconds: float) -> None:
        """Put the clock forward: what expires, expires."""
        self._ahead += seconds

    def reset(self) -> None:
        """As at the start, but for the addresses."""
        with self.lock:
            self.people = cast()
            self.messages.clear()
            for kept in (self.channel_tokens, self.link_tokens, self.codes, self.access_tokens):
                kept.clear()
            for kept in (self.refresh_tokens, self.reply_tokens, self.retry_keys):
                kept.clear()
            self.faults.clear()
            self._ahead = 0.0
            self.webhooks.reset()

    def close(self) -> None:
        self.webhooks.close()

    def secret(self) -> str:
        return secrets.token_urlsafe(24)

    def add_messages(self, user_id: str, contents: Iterable[dict[str, Any]], *, by_bot: bool) -> list[Message]:
        with self.lock:
            added = [Message(str(next(self._ids)), user_id, by_bot, content, self.now()) for content in contents]
            self.messages += added
            del self.messages[:-MOST_MESSAGES]
            return added

    def chat(self, user_id: str | None = None) -> list[Message]:
        with self.lock:
            return [one for one in self.messages if user_id is None or one.user_id == user_id]

    def picture_url(self, person: Person) -> str:
        return f"{self.origin}/line/pictures/{person.id}.svg" if self.origin else ""

    # --- What people do

    def follow(self, person: Person) -> None:
        with self.lock:
            unblocked, was_friend = person.blocked, person.hears_us
            person.friend, person.blocked = True, False
        if not was_friend:
            self.tell("follow", person, follow={"isUnblocked": unblocked})

    def block(self, person: Person) -> None:
        with self.lock:
            was_friend = person.hears_us
            person.blocked = True
        if was_friend:
            self.tell("unfollow", person, reply=False)

    def say(self, person: Person, message: dict[str, Any]) -> None:
        [added] = self.add_messages(person.id, [message], by_bot=False)
        if person.hears_us:
            self.tell("message", person, message={**message, "id": added.id})

    def postback(self, person: Person, action: dict[str, Any]) -> None:
        if words := action.get("displayText"):
            self.add_messages(person.id, [{"type": "text", "text": words}], by_bot=False)
        if person.hears_us:
            self.tell("postback", person, postback={"data": action["data"]})

    def tell(self, kind: str, person: Person | None, *, reply: bool = True, **more: Any) -> None:
        """Send an event to the site."""
        event: dict[str, Any] = {"type": kind, "mode": "active", **more}
        if person is not None:
            event["source"] = {"type": "user", "userId": person.id}
            if reply:
                event["replyToken"] = token = self.secret()
                self.reply_tokens.put(token, person.id, until=self.now() + REPLY_SECONDS)
        self.webhooks.send([event])
