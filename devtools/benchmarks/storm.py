"""A mail provider that tells of thousands of bounces at once, while somebody opens pages."""

import json
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from statistics import median

from notifications import address_health
from notifications.models import Delivery
from notifications.types.enums import Channel

from . import mail, product
from .browsing import Ask, Times, ask
from .processes import BenchError
from .sink import HOST, free_port

PATH = "/anymail/sendgrid/tracking/"
PAGE = "/account/login/"
CLIENTS = 4
BATCHES = (1000, 100)
"""Events in a call."""
_SECRET = "bench:0123456789abcdef0123"
_SETTINGS = {"MAIL_PROVIDERS": "sendgrid", "MAIL_WEBHOOK_SECRETS": _SECRET}
_PAGES_BEFORE = 40


@dataclass(frozen=True, slots=True)
class Size:
    events: int


FULL, QUICK = Size(events=10_000), Size(events=2_000)


@dataclass(frozen=True, slots=True)
class Figures:
    """One storm."""

    batch: int
    """Events in a call."""
    calls: Times
    page_before: float
    """Median milliseconds of a page."""
    page_during: float
    page_worst: float
    judged: float
    """Reports a second, by one process."""

    @property
    def per_second(self) -> float:
        """Events taken in."""
        return self.calls.per_second * self.batch


def measure(size: Size) -> list[Figures]:
    return [_storm(size.events, batch) for batch in BATCHES]


def _storm(count: int, batch: int) -> Figures:
    mail.fresh_product()
    asks = list(_asks(count, batch))
    with product.running(smtp_port=free_port(), workers=0, more=_SETTINGS) as site:
        before: list[float] = []
        while len(before) < _PAGES_BEFORE:
            _open_page(site.port, before)
        during: list[float] = []
        over = threading.Event()
        visitor = threading.Thread(target=_open_pages, args=(site.port, during, over))
        visitor.start()
        try:
            calls = ask(site.programs[0], site.port, asks, clients=CLIENTS)
        finally:
            over.set()
            visitor.join()
    if not during:
        raise BenchError("No page was answered during the storm.")
    began = time.perf_counter()
    while address_health.assess_due():
        pass
    judged = count / (time.perf_counter() - began)
    print(f"  storm, {batch} events a call: {calls.per_second * batch:,.0f}/s", file=sys.stderr, flush=True)
    return Figures(batch, calls, median(before), median(during), max(during), judged)


def _open_pages(port: int, took: list[float], over: threading.Event) -> None:
    while not over.is_set():
        _open_page(port, took)


def _open_page(port: int, took: list[float]) -> None:
    """On a connection of its own, as somebody who comes anew."""
    began = time.perf_counter()
    client = HTTPConnection(HOST, port, timeout=60)
    try:
        client.request("GET", PAGE)
        response = client.getresponse()
        response.read()
    finally:
        client.close()
    if response.status != 200:
        raise BenchError(f"{PAGE} answered {response.status}.")
    took.append((time.perf_counter() - began) * 1000)


def _asks(count: int, batch: int) -> Iterator[Ask]:
    headers = {
        "Content-Type": "application/json",
        "Authorization": f"Basic {b64encode(_SECRET.encode()).decode()}",
    }
    sent = Delivery.objects.filter(channel=Channel.EMAIL).values_list("pk", "recipient")[:count]
    events = [
        {
            "email": recipient,
            "timestamp": int(time.time()),
            "smtp-id": f"<{delivery}@sellerhub.example>",
            "event": "bounce",
            "type": "bounce",
            "sg_event_id": f"event-{number}",
            "sg_message_id": f"message-{number}",
            "reason": f"552 5.2.2 <{recipient}>: mailbox full (queue id 4Xk{number:07})",
            "status": "5.2.2",
        }
        for number, (delivery, recipient) in enumerate(sent)
    ]
    for start in range(0, len(events), batch):
        yield Ask("POST", PATH, headers, json.dumps(events[start : start + batch]).encode())
