"""Events on their way to the site: signed, in the background, again and again until they are taken."""

import heapq
import hmac
import json
import secrets
import threading
import time
from base64 import b64encode
from collections import deque
from typing import TYPE_CHECKING, Any

import urllib3

from devtools.sandbox.line.channels import BOT_USER_ID, MESSAGING_CHANNEL_SECRET

if TYPE_CHECKING:
    from devtools.sandbox.line.platform import Platform

PAUSES = (0.2, 1.0, 5.0, 20.0)
"""Before each redelivery."""
MAX_WAITING = 10_000
MAX_LOGGED = 1_000
_SECONDS = 5.0
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
Event = dict[str, Any]


def signature(body: bytes, secret: str = MESSAGING_CHANNEL_SECRET) -> str:
    return b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()


def event_id(seconds: float) -> str:
    """A ULID: 48 bits of milliseconds, then 80 of chance."""
    number = int(seconds * 1000) << 80 | secrets.randbits(80)
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))


class Webhooks:
    """One thread sends, in order of their moments; what is not taken comes back after a pause."""

    def __init__(self, platform: "Platform") -> None:
        self._platform = platform
        self._waiting: list[tuple[float, int, list[Event], int]] = []
        """A heap: when, in which order, what, and how often it was tried."""
        self._held: list[Event] = []
        self._number = 0
        self._busy = 0
        self._changed = threading.Condition()
        self._closed = False
        self.log: deque[dict[str, Any]] = deque(maxlen=MAX_LOGGED)
        self._pool = urllib3.PoolManager(retries=False, timeout=_SECONDS)
        self._thread = threading.Thread(target=self._run, name="line-webhooks", daemon=True)
        self._thread.start()

    def send(self, events: list[Event]) -> None:
        """Complete the events and put them on their way, as the faults will have it."""
        now = self._platform.now()
        whole = [
            {
                "webhookEventId": event_id(now),
                "timestamp": int(now * 1000),
                "deliveryContext": {"isRedelivery": False},
                **event,
            }
            for event in events
        ]
        faults = self._platform.faults.webhooks
        if faults.get("drop"):
            return
        together = faults.get("reorder", 0)
        if faults.get("hold") or together:
            with self._changed:
                self._held = [*self._held, *whole][-MAX_WAITING:]
                enough = together and len(self._held) >= together
            if enough and not faults.get("hold"):
                self.release(turned=True)
            return
        for _ in range(2 if faults.get("duplicate") else 1):
            self._put(whole, tries=0, pause=0)

    def release(self, *, turned: bool) -> int:
        """Send what was held, each event by itself."""
        with self._changed:
            held, self._held = self._held, []
        for event in reversed(held) if turned else held:
            self._put([event], tries=0, pause=0)
        return len(held)

    def wait_until_idle(self, seconds: float = 60.0) -> bool:
        """Whether everything was taken by then; for tests."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._busy, seconds)

    def post(self, events: list[Event], *, url: str = "") -> int:
        """One try, now; returns the status, 0 for no answer."""
        url = url or self._platform.webhook_url
        if not url:
            return 0
        body = json.dumps({"destination": BOT_USER_ID, "events": events}, ensure_ascii=False).encode()
        secret = "0" * 32 if self._platform.faults.webhooks.get("bad_signature") else MESSAGING_CHANNEL_SECRET
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "LineBotWebhook/2.0",
            "x-line-signature": signature(body, secret),
        }
        try:
            return int(self._pool.request("POST", url, body=body, headers=headers).status)
        except urllib3.exceptions.HTTPError:
            return 0

    def reset(self) -> None:
        """Forget what is held and what would be tried again."""
        with self._changed:
            self._held = []
            self._busy -= len(self._waiting)
            self._waiting = []
            self._changed.notify_all()
        self.log.clear()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join(_SECONDS + 1)
        self._pool.clear()

    def _put(self, events: list[Event], *, tries: int, pause: float) -> None:
        with self._changed:
            if len(self._waiting) >= MAX_WAITING:
                self._note(events, tries, status=-1, seconds=0)
                return
            self._number += 1
            self._busy += 1
            heapq.heappush(self._waiting, (time.monotonic() + pause, self._number, events, tries))
            self._changed.notify_all()

    def _run(self) -> None:
        while (due := self._next()) is not None:
            events, tries = due
            began = time.monotonic()
            status = self.post(events) if self._platform.webhook_active else 204
            self._note(events, tries + 1, status=status, seconds=time.monotonic() - began)
            if not 200 <= status < 300 and self._platform.webhook_url and tries < len(PAUSES):
                again = [{**event, "deliveryContext": {"isRedelivery": True}} for event in events]
                self._put(again, tries=tries + 1, pause=PAUSES[tries])
            with self._changed:
                self._busy -= 1
                self._changed.notify_all()

    def _next(self) -> tuple[list[Event], int] | None:
        """Wait for what is due; None at the end."""
        with self._changed:
            while not self._closed:
                left = self._waiting[0][0] - time.monotonic() if self._waiting else None
                if left is not None and left <= 0:
                    _at, _number, events, tries = heapq.heappop(self._waiting)
                    return events, tries
                self._changed.wait(left)
            return None

    def _note(self, events: list[Event], tries: int, *, status: int, seconds: float) -> None:
        """Status 0: no answer; -1: too many were waiting, so it was given up."""
        self.log.append(
            {
                "ids": [event["webhookEventId"] for event in events],
                "types": [event.get("type") for event in events],
                "status": status,
                "tries": tries,
                "at": self._platform.now(),
                "seconds": round(seconds, 4),
                "events": events,
            }
        )
