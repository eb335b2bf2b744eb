"""Events on their way to the site: signed, in the background, again and again until they are taken."""

import hmac
import json
import queue
import secrets
import threading
import time
from base64 import b64encode
from collections import deque
from typing import TYPE_CHECKING, Any

import urllib3

from sandbox.line.channels import BOT_USER_ID, MESSAGING_CHANNEL_SECRET

if TYPE_CHECKING:
    from sandbox.line.platform import Platform

PAUSES = (0.2, 1.0, 5.0, 20.0)
"""Before each redelivery."""
MOST_WAITING = 10_000
MOST_LOGGED = 1_000
_SECONDS = 5.0
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def signature(body: bytes, secret: str = MESSAGING_CHANNEL_SECRET) -> str:
    return b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()


def event_id() -> str:
    """26 characters, as a ULID has."""
    return "01" + "".join(secrets.choice(_ALPHABET) for _ in range(24))


class Webhooks:
    """One thread sends; what is not taken comes back after a pause."""

    def __init__(self, platform: "Platform") -> None:
        self._platform = platform
        self._queue: queue.PriorityQueue[tuple[float, int, list[dict[str, Any]], int]] = queue.PriorityQueue(
            MOST_WAITING
        )
        self._held: list[dict[str, Any]] = []
        self._number = 0
        self._busy = 0
        self._lock = threading.Lock()
        self.log: deque[dict[str, Any]] = deque(maxlen=MOST_LOGGED)
        self._pool = urllib3.PoolManager(retries=False, timeout=_SECONDS)
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="line-webhooks", daemon=True)
        self._thread.start()

    def send(self, events: list[dict[str, Any]]) -> None:
        """Complete the events and put them on their way, as the faults will have it."""
        now = int(self._platform.now() * 1000)
        whole = [
            {"webhookEventId": event_id(), "timestamp": now, "deliveryContext": {"isRedelivery": False}, **event}
            for event in events
        ]
        faults = self._platform.faults.webhooks
        if faults.get("drop"):
            return
        if faults.get("hold"):
            self._held += whole
            return
        for _ in range(2 if faults.get("duplicate") else 1):
            self._put(whole, tries=0, at=time.monotonic())

    def release(self, *, turned: bool) -> int:
        """Send what was held, each event by itself."""
        held, self._held = self._held, []
        for event in reversed(held) if turned else held:
            self._put([event], tries=0, at=time.monotonic())
        return len(held)

    def wait_until_idle(self, seconds: float = 10.0) -> bool:
        """Whether everything was taken by then; for tests."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with self._lock:
                if not self._busy:
                    return True
            time.sleep(0.01)
        return False

    def post(self, events: list[dict[str, Any]]) -> int:
        """One try, now; returns the status, 0 for no answer."""
        url = self._platform.webhook_url
        if not url:
            return 0
        body = json.dumps({"destination": BOT_USER_ID, "events": events}).encode()
        headers = {"Content-Type": "application/json", "x-line-signature": signature(body)}
        try:
            return int(self._pool.request("POST", url, body=body, headers=headers).status)
        except urllib3.exceptions.HTTPError:
            return 0

    def reset(self) -> None:
        self._held.clear()
        self.log.clear()

    def close(self) -> None:
        self._closed.set()
        self._thread.join(_SECONDS + 1)
        self._pool.clear()

    def _put(self, events: list[dict[str, Any]], *, tries: int, at: float) -> None:
        with self._lock:
            self._number += 1
            self._busy += 1
            number = self._number
        self._queue.put((at, number, events, tries))

    def _run(self) -> None:
        while not self._closed.is_set():
            try:
                at, number, events, tries = self._queue.get(timeout=0.1)
            except queue.Empty:
                continue
            wait = at - time.monotonic()
            if wait > 0:  # the earliest is not due yet: look again soon, something earlier may have come
                self._queue.put((at, number, events, tries))
                self._closed.wait(min(wait, 0.05))
                continue
            status = self.post(events) if self._platform.webhook_active else 204
            self.log.append(
                {"ids": [event["webhookEventId"] for event in events], "status": status, "tries": tries + 1}
            )
            if not 200 <= status < 300 and self._platform.webhook_url and tries < len(PAUSES):
                again = [{**event, "deliveryContext": {"isRedelivery": True}} for event in events]
                self._put(again, tries=tries + 1, at=time.monotonic() + PAUSES[tries])
            with self._lock:
                self._busy -= 1
