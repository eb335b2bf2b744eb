"""Events that LINE posts to the site's webhook while no worker runs: how many, and how soon the 200 comes."""

import hmac
import json
import sys
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from time import time
from typing import Any

from . import line, mail, product
from .browsing import Ask, Times, ask, medians
from .sink import free_port

PATH = "/line/webhook/"
WAYS = ((1, 1), (100, 1), (100, 4))
"""Events in a body, and bodies posted side by side."""
_WARM_UP_BODIES = 16


@dataclass(frozen=True, slots=True)
class Size:
    bodies: int
    rounds: int


FULL = Size(bodies=240, rounds=3)
QUICK = Size(bodies=40, rounds=1)


@dataclass(frozen=True, slots=True)
class Figures:
    """One way to post."""

    events: int
    """In each body."""
    clients: int
    times: Times
    """Of a body."""

    @property
    def per_second(self) -> float:
        return self.times.per_second * self.events


def measure(size: Size) -> list[Figures]:
    """Every way by turns; the medians of the rounds."""
    runs: dict[tuple[int, int], list[Times]] = {way: [] for way in WAYS}
    mail.fresh_product(on_line=True)
    numbers = count()
    with product.running(smtp_port=free_port(), workers=0, more=line.settings_of(free_port())) as site:
        web = site.programs[0]
        ask(web, site.port, list(_asks(numbers, _WARM_UP_BODIES, events=10)), clients=4)
        for _ in range(size.rounds):
            for events, clients in WAYS:
                asks = list(_asks(numbers, size.bodies, events=events))
                times = ask(web, site.port, asks, clients=clients)
                runs[events, clients].append(times)
                said = f"  webhook, {events} events a body, {clients} at once: {times.per_second * events:,.0f}/s"
                print(said, file=sys.stderr, flush=True)
    return [Figures(events, clients, medians(runs[events, clients])) for events, clients in WAYS]


def _asks(numbers: Iterator[int], bodies: int, *, events: int) -> Iterator[Ask]:
    for _ in range(bodies):
        said = {"destination": "U" + "0" * 32, "events": [_event(next(numbers)) for _ in range(events)]}
        body = json.dumps(said, ensure_ascii=False).encode()
        signature = b64encode(hmac.digest(line.CHANNEL_SECRET.encode(), body, "sha256")).decode()
        yield Ask("POST", PATH, {"Content-Type": "application/json", "X-Line-Signature": signature}, body)


def _event(number: int) -> dict[str, Any]:
    """Somebody becomes a friend, or writes: by turns, each a person of their own."""
    said: dict[str, Any] = {
        "mode": "active",
        "timestamp": int(time() * 1000),
        "source": {"type": "user", "userId": f"U{number:032x}"},
        "webhookEventId": f"01BENCH{number:019d}",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": f"{number:032x}",
    }
    if number % 2:
        message = {
            "type": "text",
            "id": str(number),
            "quoteToken": "q" * 80,
            "text": "通知はいつ届きますか。",
        }
        return said | {"type": "message", "message": message}
    return said | {"type": "follow", "follow": {"isUnblocked": False}}
