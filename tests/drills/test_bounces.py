"""The listener for returned mail: killed, flooded and fed with what is too large."""

import hashlib
import itertools
import random
import smtplib
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import connection

from notifications import feedback
from notifications.channels.email.return_path import Left, ReturnPath
from notifications.models import Address, MailReport, ReturnedMail
from tests.notifications.delivery.conftest import notification, queue
from tests.returned_mail import DOMAIN, LEFT, Command, ours

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]

__all__ = ["notification", "queue"]

MAILS = 1000
CLIENTS = 4
KILLS = 5
FORGED = 10_000
AT = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def command(transactional_db: None) -> Iterator[Command]:
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
        while True:
            with lock:
                if not waiting:
                    return
                number = waiting.pop()
            next(tries)
            try:
                with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
                    client.ehlo("mx.ok.test")
                    client.mail("")
                    client.rcpt(ours(Left(UUID(int=number), AT)))
                    code = client.data(body(number))[0]
            except (OSError, smtplib.SMTPException):
                code = 0
                time.sleep(0.02)
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
            until(lambda kill=kill: len(acknowledged) >= kill * MAILS // (KILLS + 1))
            time.sleep(dice.random() / 50)
            command.kill()
            known = set(acknowledged)
            stored = {one.int for one in ReturnedMail.objects.values_list("delivery_id", flat=True)}
            lost_at_a_kill.append(len(known - stored))
            unanswered += len(stored - known)
            command = Command(port=port)
        for client in clients:
            client.result(60)
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


def until(done) -> None:
    end = time.monotonic() + 60
    while not done():
        assert time.monotonic() < end, "This took too long."
        time.sleep(0.002)


def test_forged_bounces_change_nothing(command, capsys, shop):
    Address.objects.create(account=shop, email="hanako@ok.test", state="active")
    before = traces()
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
    assert seconds < 30
    assert (exit_code, written.count("\n")) == (0, 1)


def forged(forger: ReturnPath, number: int) -> str:
    """By another secret, a letter changed, cut short, of another domain, or none at all."""
    left = Left(UUID(int=number), AT)
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
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall("".join(f"{line}\r\n" for line in commands).encode())
        said = connection.makefile("rb").read().decode().splitlines()
    return [line[:3] for line in said if line.startswith("550 5.1.1")]


def traces() -> tuple:
    """All that a bounce could leave behind."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_total_relation_size('notifications_returnedmail'),"
            " pg_total_relation_size('notifications_mailreport')"
        )
        sizes = cursor.fetchone()
    return sizes, ReturnedMail.objects.count(), MailReport.objects.count(), list(Address.objects.values())


def test_a_huge_mail_is_refused_within_a_second(command, capsys):
    huge = b"x" * 998 + b"\r\n"
    with smtplib.SMTP("127.0.0.1", command.port, timeout=10) as client:
        client.ehlo("mx.ok.test")
        started = time.monotonic()
        announced, _ = client.docmd("MAIL", f"FROM:<> SIZE={20 * 1024 * 1024}")
        client.mail("")
        client.rcpt(ours())
        silent, _ = client.data(huge * (20 * 1024))
        seconds = time.monotonic() - started

    with capsys.disabled():
        print(f"\n20 MB mail: refused in {seconds:.2f} s.")
    assert (announced, silent) == (552, 552)
    assert seconds < 1
    assert ReturnedMail.objects.count() == 0
    assert command.send(b"after\r\n") == 250


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
def test_a_bomb_is_refused_or_taken_and_read_within_a_second_each(command, queue, name, capsys):
    delivery = queue("hanako@ok.test")
    started = time.monotonic()
    code = command.send(BOMBS[name], ours(Left(delivery.pk, LEFT.at)))
    answered = time.monotonic() - started
    feedback.store_returned(Left(delivery.pk, LEFT.at), BOMBS[name])
    started = time.monotonic()
    feedback.read_due()
    read = time.monotonic() - started

    with capsys.disabled():
        print(f"\nBomb of {name}: {code} after {answered:.2f} s, read in {read:.2f} s.")
    assert code in (250, 552)
    assert max(answered, read) < 1
    assert ReturnedMail.objects.get().due_at is None
    assert command.send(b"after\r\n") == 250
    assert not MailReport.objects.filter(permanent=True).exists()
