"""The server for returned mail, over a real socket: what it takes, and what it does not."""

import asyncio
import contextlib
import itertools
import smtplib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest

from notifications.channels.email.listener import Listener, conversation, server
from notifications.channels.email.return_path import Left, ReturnPath

PATHS = ReturnPath("bounce.hub.test", secret="a secret")
LEFT = Left(UUID(int=7), datetime(2026, 11, 1, tzinfo=UTC))
OURS = PATHS.address(LEFT).decode()
MAIL = b"Subject: Undelivered\r\n\r\nNobody here.\r\n..hidden dot\r\n"
NOT_OURS = (550, b"5.1.1 No such mailbox here")


class Shelf:
    """Keeps mail in memory."""

    def __init__(self) -> None:
        self.port = 0
        self.mails: list[tuple[Left, bytes]] = []
        self.answer: Callable[[], bool] = lambda: True
        self.rings = 0
        self.stop: Callable[[], None] = lambda: None

    def keep(self, left: Left, raw: bytes) -> bool:
        if self.answer():
            self.mails.append((left, raw))
            return True
        return False

    def ring(self) -> None:
        self.rings += 1


@contextlib.contextmanager
def running(*, lmtp: bool = False) -> Iterator[Shelf]:
    shelf, ready = Shelf(), threading.Event()

    async def serve() -> None:
        listener = Listener(PATHS, keep=shelf.keep, ring=shelf.ring, lmtp=lmtp)
        door = socket.create_server(("127.0.0.1", 0))
        shelf.port = door.getsockname()[1]
        loop = asyncio.get_running_loop()
        shelf.stop = lambda: loop.call_soon_threadsafe(listener.stop)
        loop.call_soon(ready.set)
        await listener.serve(door)

    thread = threading.Thread(target=asyncio.run, args=[serve()])
    thread.start()
    assert ready.wait(5)
    yield shelf
    with contextlib.suppress(RuntimeError):
        shelf.stop()
    thread.join(15)
    assert not thread.is_alive()


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with running() as shelf:
        yield shelf


@pytest.fixture
def client(shelf: Shelf) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP("127.0.0.1", shelf.port, timeout=10) as client:
        client.ehlo("mx.ok.test")
        yield client


def test_a_mail_to_a_return_path_of_ours_is_kept_whole_and_once(client, shelf):
    refused = client.sendmail("", [OURS.upper()], MAIL)

    assert refused == {}
    assert shelf.mails == [(LEFT, MAIL)]


@pytest.mark.parametrize(
    "sender",
    ["<>", "<MAILER-DAEMON>", "<a@b@c>", '<"odd <name>"@ok.test>', "<@relay.test:a@ok.test> BODY=8BITMIME"],
)
def test_any_sender_may_return_it(client, shelf, sender):
    code, _ = client.docmd("MAIL", f"FROM:{sender}")

    assert code == 250


def test_it_says_what_it_can(client):
    assert client.esmtp_features["size"] == "1048576"
    assert {"pipelining", "8bitmime", "smtputf8", "enhancedstatuscodes"} <= set(client.esmtp_features)
    assert "auth" not in client.esmtp_features


@pytest.mark.parametrize(
    "address",
    [
        "postmaster@bounce.hub.test",
        "bounce+@bounce.hub.test",
        OURS.replace("bounce.hub.test", "hub.test"),
        OURS.replace("bounce+", "bounce+a"),
        ReturnPath("bounce.hub.test", secret="another").address(LEFT).decode(),
        ReturnPath("elsewhere.test", secret="a secret").address(LEFT).decode(),
    ],
)
def test_all_else_is_refused_before_its_mail_is_sent(client, shelf, address):
    client.mail("")

    assert client.rcpt(address) == NOT_OURS
    assert client.docmd("DATA")[0] == 503
    assert shelf.mails == []


def test_one_recipient_a_mail(client, shelf):
    client.mail("")

    answers = [client.rcpt(address)[0] for address in (OURS, OURS, "somebody@else.test")]

    assert answers == [250, 452, 550]
    client.data(MAIL)
    assert shelf.mails == [(LEFT, MAIL)]


def test_a_client_that_is_refused_again_and_again_is_sent_away(client):
    client.mail("")

    answers = [client.rcpt("nobody@bounce.hub.test")[0] for _ in range(conversation.MOST_REFUSALS)]

    assert answers == [550] * conversation.MOST_REFUSALS
    assert client.getreply() == (421, b"4.7.0 Too much was refused")


@pytest.mark.parametrize("command", ["GET / HTTP/1.1", "VRFY hanako", "EXPN all", "AUTH PLAIN", "", "MAIL you"])
def test_who_speaks_another_language_is_sent_away(shelf, command):
    with socket.create_connection(("127.0.0.1", shelf.port), timeout=5) as connection:
        connection.sendall(b"EHLO x\r\n" + f"{command}\r\n".encode() * 20)
        said = connection.makefile("rb").read()

    assert b"\r\n421 " in said
    assert said.count(b"\r\n5") <= 20


def test_the_size_is_refused_when_it_is_announced(client, shelf):
    started = time.monotonic()

    code, _ = client.docmd("MAIL", f"FROM:<> SIZE={20 * 1024 * 1024}")

    assert code == 552
    assert time.monotonic() - started < 1


@pytest.mark.parametrize(
    "line", [b"x" * 70 + b"\r\n", b"x" * 70_000, b"\r\n"], ids=["lines", "one line", "empty lines"]
)
def test_a_mail_that_is_too_large_is_refused_while_it_is_sent(client, shelf, line):
    client.mail("")
    client.rcpt(OURS)
    client.docmd("DATA")
    whole = line * (20 * 1024 * 1024 // len(line))

    started = time.monotonic()
    client.send(whole[: 2 * conversation.LARGEST_MAIL])
    refused = client.getreply()
    seconds = time.monotonic() - started

    assert refused == (552, b"5.3.4 The mail is larger than this server takes")
    assert seconds < 1
    assert shelf.mails == []


def test_after_a_mail_that_is_too_large_the_next_is_welcome(client, shelf):
    client.mail("")
    client.rcpt(OURS)
    code, _ = client.data(b"x" * (2 * conversation.LARGEST_MAIL))
    client.sendmail("", [OURS], MAIL)

    assert code == 552
    assert shelf.mails == [(LEFT, MAIL)]


@pytest.mark.parametrize("rest", [b"", b"more\r\n", b"more.\r\n", b"..\r\n"])
def test_however_a_mail_that_is_too_large_ends_the_next_is_welcome(client, shelf, monkeypatch, rest):
    monkeypatch.setattr(conversation, "LARGEST_MAIL", 20)
    client.mail("")
    client.rcpt(OURS)
    client.docmd("DATA")
    client.send(b"x" * 30 + b".\r\n")
    code, _ = client.getreply()
    client.send(rest + b".\r\n")
    client.mail("")
    client.rcpt(OURS)
    client.docmd("DATA")
    client.send(b".\r\n")

    assert code == 552
    assert client.getreply()[0] == 250
    assert shelf.mails == [(LEFT, b"")]


SHORT = (b"", b"\r\n", b".\r\n", b"..\r\n.\r\n", b"a.\r\n.b\r\n\r\n.\r\n", b"bare\n.\nfeeds\r.\r\n")
LONG = (
    (b"x" * 65_533 + b".\r\n") * 3,
    b"." * 131_072 + b"\r\n",
    b"x" * 65_534 + b"\r\n.\r\n" + b"y" * 65_535 + b"\r\n..\r\n",
)


@pytest.mark.parametrize(
    ("raw", "piece"), [*itertools.product(SHORT, (1, 2, 3, 5)), *itertools.product(LONG, (65_536, 1_000_000))]
)
def test_every_mail_arrives_as_it_was_however_it_is_cut_on_the_wire(shelf, raw, piece):
    stuffed = (b"\r\n" + raw).replace(b"\r\n.", b"\r\n..")[2:] + b".\r\n"
    with socket.create_connection(("127.0.0.1", shelf.port), timeout=5) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(f"EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<{OURS}>\r\nDATA\r\n".encode())
        for start in range(0, len(stuffed), piece):
            connection.sendall(stuffed[start : start + piece])
            time.sleep(0.0005)
        connection.sendall(b"QUIT\r\n")
        said = connection.makefile("rb").read()

    assert said.endswith(b"250 2.0.0 Kept\r\n221 Bye\r\n")
    assert shelf.mails == [(LEFT, raw)]


def test_the_largest_mail_and_a_long_line_are_taken(client, shelf):
    whole = b"x" * (conversation.LARGEST_MAIL - 2) + b"\r\n"

    client.sendmail("", [OURS], whole)

    assert shelf.mails == [(LEFT, whole)]


def test_an_empty_mail_is_taken(client, shelf):
    client.mail("")
    client.rcpt(OURS)
    client.docmd("DATA")
    code, _ = client.docmd(".")

    assert code == 250
    assert shelf.mails == [(LEFT, b"")]


def test_everything_at_once_is_answered_in_order(shelf):
    talk = f"EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<{OURS}>\r\nDATA\r\n".encode() + b"Hello\r\n.\r\nQUIT\r\n"
    with socket.create_connection(("127.0.0.1", shelf.port), timeout=5) as connection:
        connection.sendall(talk)
        said = connection.makefile("rb").read().decode().splitlines()

    assert [line[:4] for line in said if not line.startswith("250-")] == [
        "220 ",
        "250 ",
        "250 ",
        "250 ",
        "354 ",
        "250 ",
        "221 ",
    ]
    assert shelf.mails == [(LEFT, b"Hello\r\n")]


def test_when_it_cannot_be_kept_nothing_is_acknowledged_and_nothing_lost(client, shelf, caplog):
    def away() -> bool:
        raise ConnectionError("hanako@ok.test")

    shelf.answer = away
    with pytest.raises(smtplib.SMTPDataError) as refused:
        client.sendmail("", [OURS], MAIL)
    shelf.answer = lambda: True
    client.sendmail("", [OURS], MAIL)

    assert refused.value.smtp_code == 451
    assert shelf.mails == [(LEFT, MAIL)]
    assert "ConnectionError" in caplog.text
    assert "hanako" not in caplog.text


def test_when_there_is_enough_of_it_no_more_is_taken(client, shelf):
    shelf.answer = lambda: False

    with pytest.raises(smtplib.SMTPDataError) as refused:
        client.sendmail("", [OURS], MAIL)

    assert refused.value.smtp_code == 552
    assert shelf.rings == 0


def test_the_bell_is_rung_after_something_was_kept(client, shelf):
    client.sendmail("", [OURS], MAIL)

    end = time.monotonic() + 5
    while not shelf.rings and time.monotonic() < end:
        time.sleep(0.01)
    assert shelf.rings == 1


def test_lmtp():
    with running(lmtp=True) as shelf, smtplib.LMTP("127.0.0.1", shelf.port, timeout=5) as client:
        client.sendmail("", [OURS], MAIL)

    assert shelf.mails == [(LEFT, MAIL)]


def test_one_too_many_is_sent_away(shelf, monkeypatch):
    monkeypatch.setattr(server, "MOST_CONNECTIONS", 1)

    with smtplib.SMTP("127.0.0.1", shelf.port, timeout=5) as client:
        client.ehlo("x")
        with pytest.raises(smtplib.SMTPConnectError) as refused:
            smtplib.SMTP("127.0.0.1", shelf.port, timeout=5)
    assert refused.value.smtp_code == 421


def test_who_says_nothing_is_sent_away(monkeypatch):
    monkeypatch.setattr(conversation, "IDLE_SECONDS", 0.2)
    with running() as shelf, socket.create_connection(("127.0.0.1", shelf.port), timeout=5) as connection:
        said = connection.makefile("rb").read()

    assert said.endswith(b"421 4.4.2 Too slow\r\n")


def test_the_mail_in_hand_is_finished_before_the_end(shelf):
    asked, may_go_on = threading.Event(), threading.Event()

    def slowly() -> bool:
        asked.set()
        return may_go_on.wait(5)

    shelf.answer = slowly
    idle = smtplib.SMTP("127.0.0.1", shelf.port, timeout=5)
    client = smtplib.SMTP("127.0.0.1", shelf.port, timeout=5)
    client.ehlo("x")
    client.mail("")
    client.rcpt(OURS)
    client.docmd("DATA")
    client.send(MAIL + b".\r\n")
    assert asked.wait(5)

    shelf.stop()
    left_alone = idle.getreply()
    may_go_on.set()
    answers = [client.getreply()[0], client.getreply()[0]]

    assert left_alone[0] == 421
    assert answers == [250, 421]
    assert shelf.mails == [(LEFT, MAIL.replace(b"..", b"."))]
    for one in (idle, client):
        one.close()
    with pytest.raises(OSError):  # noqa: PT011  (refused or reset, as the machine likes)
        socket.create_connection(("127.0.0.1", shelf.port), timeout=1)


def test_nothing_personal_is_logged(client, shelf, caplog):
    caplog.set_level("DEBUG")
    client.sendmail("somebody@ok.test", [OURS], b"From: hanako@ok.test\r\n\r\nsecret\r\n")
    client.docmd("VRFY", "taro@ok.test")

    for word in ("somebody", "bounce+", "hanako", "secret", "taro"):
        assert word not in caplog.text.lower()
