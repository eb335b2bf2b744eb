"""The state of this LINE: people, chats, tokens. In memory, bounded, and safe for several threads."""

import itertools
import secrets
import threading
import time
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from devtools.sandbox.line.chats import MAX_MESSAGES, Message
from devtools.sandbox.line.expiring import Expiring
from devtools.sandbox.line.faults import Faults
from devtools.sandbox.line.people import Person, cast
from devtools.sandbox.line.webhooks import Webhooks

REPLY_SECONDS, LINK_SECONDS, CODE_SECONDS = 60, 600, 600
KEY_SECONDS = 24 * 3600
TOKEN_SECONDS = 900
MAX_RETRY_KEYS = 300_000


@dataclass(eq=False)
class Platform:
    """Everything behind the routes."""

    webhook_url: str = ""
    callback_urls: Sequence[str] = ()
    origin: str = ""
    """Where pictures are, as a browser reaches them; empty: nobody has one."""
    faults: Faults = field(default_factory=Faults)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self.people: dict[str, Person] = cast()
        self.messages: deque[Message] = deque(maxlen=MAX_MESSAGES)
        self.channel_tokens, self.link_tokens, self.codes = Expiring(), Expiring(), Expiring()
        self.access_tokens, self.refresh_tokens = Expiring(), Expiring()
        self.reply_tokens, self.retry_keys = Expiring(), Expiring(most=MAX_RETRY_KEYS)
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

    def add_messages(
        self, user_id: str, contents: Iterable[dict[str, Any]], *, by_bot: bool, request_id: str = ""
    ) -> list[Message]:
        now = self.now()
        with self.lock:
            added = [
                Message.of(str(next(self._ids)), user_id, by_bot, content, at=now, request_id=request_id)
                for content in contents
            ]
            self.messages.extend(added)
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
        """A message to our account. It does not get there from somebody who blocked it or is no friend."""
        [added] = self.add_messages(person.id, [message], by_bot=False)
        if not person.hears_us:
            return
        told = {**message, "id": added.id}
        if message["type"] in ("text", "sticker", "image"):
            told["quoteToken"] = added.quote_token
        self.tell("message", person, message=told)

    def tap(self, person: Person, action: dict[str, Any]) -> None:
        """A button: a postback or words; other kinds happen on the phone alone."""
        if action.get("type") == "postback":
            self.postback(person, action)
        elif action.get("type") == "message":
            self.say(person, {"type": "text", "text": str(action.get("text", ""))})

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
