"""Mails that somebody sends to a return path to do harm: how long they take, beside a bounce of the same size."""

import logging
import smtplib
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from notifications.address_health.events.returned_mail import STORED_BYTES
from notifications.channels.email.bounce_server.session import MAX_MAIL_BYTES
from notifications.channels.email.bounces import parse
from notifications.channels.email.return_path import AttemptRef, ReturnPath

from . import mail, places
from .processes import Program
from .sink import HOST, free_port, wait_for_port

DOMAIN = "bounce.sellerhub.example"
ORDINARY = "an ordinary bounce"
HUGE = "20 MB, refused"
SENT_BYTES = 768 * 1024
HUGE_BYTES = 20 * 1024 * 1024
FORGED = "a forged address, refused"
FORGED_AT_ONCE = 10
"""So many fit into one connection."""

_HEAD = b"From: MAILER-DAEMON@x.example\r\nSubject: Undelivered Mail Returned to Sender\r\n"
_REPORT = (
    b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/plain\r\n\r\nYour mail could not be delivered.\r\n"
    b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.x.example\r\n\r\n"
    b"Final-Recipient: rfc822; hanako@x.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    b"Diagnostic-Code: smtp; 550 5.1.1 No such user\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
    b"From: SellerHub <no-reply@sellerhub.example>\r\nSubject: An order\r\n\r\n"
)
_BOMBS: dict[str, tuple[bytes, bytes]] = {
    ORDINARY: (_REPORT, b"What was ordered, line by line, as we wrote it.\r\n"),
    "parts": (b"Content-Type: multipart/report; boundary=b\r\n\r\n", b"--b\r\n\r\n"),
    "empty lines": (b"", b"\r\n"),
    "dots": (b"\r\n", b"..\r\n"),
    "one line": (b"\r\n", b"x"),
    "at signs": (b"\r\n", b"a@"),
    "words of refusals": (b"\r\n", b"user mailbox account message host not is was "),
    "addresses": (b"\r\n", b"<hanako@x.example>: 550 user unknown\r\n"),
    "tags": (b"Content-Type: text/html\r\n\r\n", b"<a "),
    "base64": (b"Content-Transfer-Encoding: base64\r\n\r\n", b"YWJj"),
    "headers": (b"", b"X-A: b\r\n"),
}


@dataclass(frozen=True, slots=True)
class Size:
    rounds: int


FULL, QUICK = Size(rounds=7), Size(rounds=1)


@dataclass(frozen=True, slots=True)
class Figures:
    """One kind of mail; medians of the rounds, in milliseconds."""

    what: str
    taken: float
    """By the listener, from the connection to its answer."""
    read: float | None
    """What is kept of it; None where nothing is."""
    taken_ratio: float | None
    """Times the ordinary bounce."""
    read_ratio: float | None


def measure(size: Size) -> list[Figures]:
    """All of them by turns."""
    logging.getLogger("flufl.bounce").setLevel(logging.WARNING)  # it tells of each pattern that it tries
    mail.fresh_product()
    mails = {what: _filled(_HEAD + start, piece) for what, (start, piece) in _BOMBS.items()}
    mails["levels"] = _levels()
    taken: dict[str, list[float]] = {what: [] for what in (*mails, HUGE, FORGED)}
    read: dict[str, list[float]] = {what: [] for what in mails}
    with _listener() as port:
        for number in range(1 + size.rounds):
            for what, raw in mails.items():
                ways: tuple[tuple[dict[str, list[float]], Callable[[], object]], ...] = (
                    (taken, lambda raw=raw: _bring(port, raw)),
                    (read, lambda raw=raw: parse(raw[:STORED_BYTES])),
                )
                for took, work in ways:
                    milliseconds = _milliseconds(work)
                    if number:  # the first round only warms up
                        took[what].append(milliseconds)
            taken[HUGE].append(_milliseconds(lambda: _bring(port, b"x" * HUGE_BYTES)))
            taken[FORGED].append(_milliseconds(lambda: _bring_forged(port)) / FORGED_AT_ONCE)
            print(f"  hostile mails, round {number}", file=sys.stderr, flush=True)
    took = {what: (median(taken[what]), median(read[what])) for what in mails}
    usual_taken, usual_read = took[ORDINARY]
    found = [
        Figures(what, taking, reading, taking / usual_taken, reading / usual_read)
        for what, (taking, reading) in took.items()
    ]
    return found + [Figures(what, median(taken[what]), None, None, None) for what in (HUGE, FORGED)]


@contextmanager
def _listener() -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "manage.py", "receive_bounces", "--listen", f"{HOST}:{port}"]
    with Program(command, log=places.log("bounces"), env={"BOUNCE_DOMAIN": DOMAIN}) as program:
        wait_for_port(port, program)
        yield port


def _bring(port: int, raw: bytes) -> int:
    """A mail to a return path of its own: about one delivery only so many are kept. Returns the answer's code."""
    left = AttemptRef(uuid4(), timezone.now())
    with smtplib.SMTP(HOST, port, local_hostname="mx.x.example") as client:
        client.helo()
        client.mail("")
        client.rcpt(ReturnPath(DOMAIN, secret=settings.SECRET_KEY).address(left).decode())
        return client.data(raw)[0]


def _bring_forged(port: int) -> None:
    forger = ReturnPath(DOMAIN, secret="guessed")
    with smtplib.SMTP(HOST, port, local_hostname="mx.x.example") as client:
        client.helo()
        client.mail("")
        for _ in range(FORGED_AT_ONCE):
            client.rcpt(forger.address(AttemptRef(uuid4(), timezone.now())).decode())


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _filled(start: bytes, piece: bytes) -> bytes:
    # What begins with a dot is sent with another one.
    room = min(SENT_BYTES, MAX_MAIL_BYTES // 2) if piece.startswith(b".") else SENT_BYTES
    return start + piece * ((room - len(start)) // len(piece))


def _levels() -> bytes:
    level = b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n"
    return _HEAD + b"".join(level % (number, number) for number in range(SENT_BYTES // 60))
