"""The listener for returned mail: killed, flooded and fed with what is too large."""

import contextlib
import hashlib
import itertools
import random
import smtplib
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection

from notifications import address_health
from notifications.address_health.events.returned_mail import STORED_BYTES
from notifications.channels.email.bounce_server.session import MAX_MAIL_BYTES
from notifications.channels.email.bounces import parse
from notifications.channels.email.return_path import AttemptRef, ReturnPath
from notifications.models import Address, MailReport, ReturnedMail
from tests.notifications.channels.email import shelf
from tests.notifications.delivery.conftest import notification, queue
from tests.returned_mail import DOMAIN, LEFT, Command, ours
from tests.waiting import LIMIT_SECONDS, wait_until

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]

__all__ = ["notification", "queue"]

MAILS = 1000
"""Room for the kills: four clients bring what is left meanwhile."""
MAILS_A_CONNECTION = 10
CLIENTS = 4
KILLS = 5
FORGED = 10_000
AT = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def command(transactional_db: None) -> Iterator[Command]:
    command = Command()
    yield command
    command.kill()


@pytest.fixture(scope="module")
def listener(django_db_setup, django_db_blocker) -> Iterator[Command]:
    """One for all hostile mails: it must go on after each of them."""
    with django_db_blocker.unblock():
        command = Command()
    yield command
    command.kill()


def body(number: int) -> bytes:
    return b"Subject: Undelivered\r\n\r\n%d\r\n" % number


def test_kill_it_again_and_again_and_nothing_that_it_acknowledged_is_lost(capsys, transactional_db):
    dice = random.Random(7)  # noqa: S311
    command = Command()
    port = command.port
    acknowledged: set[int] = set()
    tries = itertools.count()
    waiting = list(range(MAILS))
    lock = threading.Lock()

    def bring() -> None:
        while waiting:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                bring_some()
            time.sleep(0.02)

    def bring_some() -> None:
        with smtplib.SMTP("127.0.0.1", port, timeout=LIMIT_SECONDS) as client:
            client.ehlo("mx.ok.test")
            for _ in range(MAILS_A_CONNECTION):
                with lock:
                    if not waiting:
                        return
                    number = waiting.pop()
                next(tries)
                code = 0
                try:
                    client.mail("")
                    client.rcpt(ours(AttemptRef(UUID(int=number), AT)))
                    code = client.data(body(number))[0]
                finally:
                    with lock:
                        if code == 250:
                            acknowledged.add(number)
                        else:
                            waiting.append(number)

    lost_at_a_kill = []
    unanswered = 0
    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = [pool.submit(bring) for _ in range(CLIENTS)]
        for kill in range(1, KILLS + 1):
            goal = kill * MAILS // (KILLS + 1)
            wait_until(lambda goal=goal: len(acknowledged) >= goal, f"{goal} mails acknowledged")
            time.sleep(dice.random() / 50)
            command.kill()
            known = set(acknowledged)
            stored = {one.int for one in ReturnedMail.objects.values_list("delivery_id", flat=True)}
            lost_at_a_kill.append(len(known - stored))
            unanswered += len(stored - known)
            command = Command(port=port)
        for client in clients:
            client.result(LIMIT_SECONDS)
    command.end()

    rows = ReturnedMail.objects.values_list("delivery_id", "digest")
    expected = {(UUID(int=number), hashlib.sha256(body(number)).hexdigest()) for number in range(MAILS)}
    with capsys.disabled():
        print(
            f"\nListener drill: {MAILS} mails, killed {KILLS} times: lost {sum(lost_at_a_kill)}, brought"
            f" {next(tries)} times, {unanswered} kept before a kill and not yet acknowledged."
        )
    assert lost_at_a_kill == [0] * KILLS
    assert len(acknowledged) == MAILS
    assert len(rows) == MAILS
    assert set(rows) == expected


def test_forged_bounces_change_nothing(command, capsys, shop):
    Address.objects.create(account=shop, email="hanako@ok.test", state="active")
    before, sizes_before = traces(), table_sizes()
    forger = ReturnPath(DOMAIN, secret="guessed")
    addresses = [forged(forger, number) for number in range(FORGED)]
    batches = [addresses[start : start + 12] for start in range(0, FORGED, 12)]

    started = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = [
            code for batch in pool.map(lambda batch: bring_forged(command.port, batch), batches) for code in batch
        ]
    seconds = time.monotonic() - started
    exit_code, written = command.end()

    with capsys.disabled():
        print(f"\nForged bounces: {FORGED} refused in {seconds:.1f} s.")
    assert answers == ["550"] * FORGED
    assert traces() == before
    # Not equal: a vacuum of the server's own may make a table smaller meanwhile.
    assert all(now <= then for now, then in zip(table_sizes(), sizes_before, strict=True))
    assert (exit_code, written.count("\n")) == (0, 1)


def forged(forger: ReturnPath, number: int) -> str:
    """By another secret, a letter changed, cut short, of another domain, or none at all."""
    left = AttemptRef(UUID(int=number), AT)
    true = ours(left)
    changed = true[:20] + ("a" if true[20] != "a" else "b") + true[21:]
    return [
        forger.address(left).decode(),
        changed,
        true.replace("@", "a@"),
        true.replace(DOMAIN, "elsewhere.test"),
        f"user{number}@{DOMAIN}",
    ][number % 5]


def bring_forged(port: int, addresses: list[str]) -> list[str]:
    """A whole conversation at once; the answers to the recipients."""
    commands = [
        "EHLO x",
        "MAIL FROM:<>",
        *(f"RCPT TO:<{address}>" for address in addresses),
        "DATA",
        "From: x",
        "QUIT",
    ]
    with socket.create_connection(("127.0.0.1", port), timeout=LIMIT_SECONDS) as connection:
        connection.sendall("".join(f"{line}\r\n" for line in commands).encode())
        said = connection.makefile("rb").read().decode().splitlines()
    return [line[:3] for line in said if line.startswith("550 5.1.1")]


def traces() -> tuple:
    """The rows that a bounce could leave behind."""
    return ReturnedMail.objects.count(), MailReport.objects.count(), list(Address.objects.values())


def table_sizes() -> tuple[int, int]:
    """Bytes on disk of the tables that a bounce is written to, also of rows that were taken back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_total_relation_size('notifications_returnedmail'),"
            " pg_total_relation_size('notifications_mailreport')"
        )
        return cursor.fetchone()


def test_a_huge_mail_is_refused_before_it_has_come_and_never_held(listener, capsys):
    assert listener.send(b"x" * (MAX_MAIL_BYTES - 2) + b"\r\n") == 250  # its memory has held the largest mail by now
    ReturnedMail.objects.all().delete()
    before = peak_bytes(listener.process.pid)
    huge = (b"x" * 998 + b"\r\n") * (20 * 1024)
    first, rest = huge[: MAX_MAIL_BYTES + 64 * 1024], huge[MAX_MAIL_BYTES + 64 * 1024 :]
    started = time.monotonic()
    with smtplib.SMTP("127.0.0.1", listener.port, timeout=LIMIT_SECONDS) as client:
        client.ehlo("mx.ok.test")
        announced, _ = client.docmd("MAIL", f"FROM:<> SIZE={len(huge)}")
        client.mail("")
        client.rcpt(ours())
        client.docmd("DATA")
        client.send(first)
        silent, _ = client.getreply()
        seconds = time.monotonic() - started
        with contextlib.suppress(OSError):  # it may hang up on who goes on for long
            client.send(rest)
        client.close()
    assert listener.send(b"after\r\n") == 250
    grown = peak_bytes(listener.process.pid) - before

    with capsys.disabled():
        print(f"\n20 MB mail: refused in {seconds:.2f} s after {len(first):,} bytes, memory grew by {grown:,} bytes.")
    assert (announced, silent) == (552, 552)
    assert grown < len(rest) / 4
    assert ReturnedMail.objects.count() == 1


def peak_bytes(pid: int) -> int:
    """The most memory that the process ever had."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


HEAD = b"From: MAILER-DAEMON@x.test\r\nSubject: Undelivered Mail\r\n"
BOMBS = {
    "100,000 parts": HEAD
    + b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
    + b"--b\r\n\r\n" * 100_000,
    "10,000 levels": HEAD
    + b"".join(
        b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (level, level) for level in range(10_000)
    ),
    "empty lines": HEAD + b"\r\n" * 500_000,
    "dots": HEAD + b"\r\n..\r\n" * 150_000,
    "one line": HEAD + b"x" * 1_000_000 + b"\r\n",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_or_taken_and_read(listener, queue, name, capsys):
    delivery = queue("hanako@ok.test")
    started = time.monotonic()
    code = listener.send(BOMBS[name], ours(AttemptRef(delivery.pk, LEFT.at)))
    answered = time.monotonic() - started
    address_health.store_returned(AttemptRef(delivery.pk, LEFT.at), BOMBS[name])
    started = time.monotonic()
    address_health.read_due()
    read = time.monotonic() - started

    with capsys.disabled():
        print(f"\nBomb of {name}: {code} after {answered:.2f} s, read in {read:.2f} s.")
    kept = ReturnedMail.objects.get()
    assert code in (250, 552)
    assert kept.due_at is None
    assert len(kept.raw) <= STORED_BYTES
    assert listener.send(b"after\r\n") == 250
    assert not MailReport.objects.filter(permanent=True).exists()


PARTS = (32, 2, 1)
MAX_GROWTH = 2
"""Of what is in proportion: 32 times the input may take 64 times as long. What is quadratic takes 1,024 times."""
SMALL_CALLS, SMALL_SECONDS = 2_000, 0.002
"""What every mail costs."""


class Calls:
    """How often a function began, Python's or the interpreter's own."""

    def __init__(self) -> None:
        self.number = 0

    def note(self, _frame: object, event: str, _argument: object) -> None:
        self.number += event in ("call", "c_call")

    @contextlib.contextmanager
    def of_new_threads(self) -> Iterator[None]:
        threading.setprofile(self.note)
        yield
        threading.setprofile(None)

    def during(self, work: Callable[[], object]) -> int:
        """In the threads that are counted."""
        before = self.number
        work()
        return self.number - before

    @classmethod
    def of(cls, work: Callable[[], object]) -> int:
        calls = cls()
        sys.setprofile(calls.note)
        try:
            work()
        finally:
            sys.setprofile(None)
        return calls.number


def least_seconds(work: Callable[[], object], clock: Callable[[], float]) -> float:
    """Of three times: what else runs can only add to it."""
    times = []
    for _ in range(3):
        begun = clock()
        work()
        times.append(clock() - begun)
    return min(times)


def take(port: int, raw: bytes) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=LIMIT_SECONDS) as client:
        client.sendmail("", [shelf.OURS], raw)


@pytest.mark.parametrize("name", BOMBS)
def test_the_work_of_a_bomb_grows_no_faster_than_the_bomb(name, capsys):
    """Calls are counted. What one call does, such as the search of a pattern, only the processor's time shows."""
    bomb = BOMBS[name]
    stored = [bomb[: STORED_BYTES // part] for part in PARTS]
    sent = [bomb[: MAX_MAIL_BYTES * 3 // 4 // part] for part in PARTS]
    read_calls = [Calls.of(lambda raw=raw: parse(raw)) for raw in stored]
    read_seconds = [least_seconds(lambda raw=raw: parse(raw), time.thread_time) for raw in stored]
    with shelf.running() as quiet:
        take_seconds = [least_seconds(lambda raw=raw: take(quiet.port, raw), time.process_time) for raw in sent]
    calls = Calls()
    with calls.of_new_threads(), shelf.running() as counting:
        take_calls = [calls.during(lambda raw=raw: take(counting.port, raw)) for raw in sent]

    with capsys.disabled():
        for what, numbers, seconds in (("read", read_calls, read_seconds), ("taken", take_calls, take_seconds)):
            times = [f"{one * 1000:.1f}" for one in seconds]
            print(f"\nBomb of {name}, 1/32, 1/2 and whole: {what} with {numbers} calls in {times} ms.")
    for few, half, whole in (read_calls, take_calls):
        assert whole <= 3 * half + SMALL_CALLS
        assert whole <= 2 * PARTS[0] * few + SMALL_CALLS
    for little, _, whole in (read_seconds, take_seconds):
        assert whole <= MAX_GROWTH * PARTS[0] * (little + SMALL_SECONDS)
