"""How a returned mail comes in over the wire: whole, or refused while it is sent."""

import contextlib
import itertools
import socket
import time

import pytest

from notifications.channels.email.bounce_server import session
from tests.notifications.channels.email.shelf import LEFT, MAIL, OURS
from tests.waiting import LIMIT_SECONDS

SMALLEST_PIECE = 64 * 1024
MAX_PIECE_BYTES = 512 * 1024
"""What asyncio may hold of a connection that nobody reads from: twice our limit, and what it read last."""


@pytest.fixture
def taken_before_the_refusal(monkeypatch) -> list[int]:
    """The sizes of the pieces of a mail that were read until it was refused as too large."""
    read: list[int] = []
    taken: list[int] = []
    read_piece = session.Conversation._read_piece
    push = session.Conversation.push

    async def read_watched(self) -> bytes:
        piece = await read_piece(self)
        read.append(len(piece))
        return piece

    async def push_watched(self, status) -> None:
        if status.startswith("552"):
            taken.extend(read)
        await push(self, status)

    monkeypatch.setattr(session.Conversation, "_read_piece", read_watched)
    monkeypatch.setattr(session.Conversation, "push", push_watched)
    return taken


@pytest.mark.parametrize(
    "line", [b"x" * 70 + b"\r\n", b"x" * 70_000, b"\r\n"], ids=["lines", "one line", "empty lines"]
)
def test_a_mail_that_is_too_large_is_refused_while_it_is_sent(client, shelf, line, taken_before_the_refusal):
    client.mail("")
    client.rcpt(OURS)
    client.docmd("DATA")

    client.send(line * (2 * session.MAX_MAIL_BYTES // len(line)))  # its end comes later
    refused = client.getreply()
    client.send(b"\r\n.\r\n")

    assert refused == (552, b"5.3.4 The mail is larger than this server takes")
    assert session.MAX_MAIL_BYTES < sum(taken_before_the_refusal) <= session.MAX_MAIL_BYTES + MAX_PIECE_BYTES
    assert len(taken_before_the_refusal) <= session.MAX_MAIL_BYTES // SMALLEST_PIECE + 2
    assert shelf.mails == []


def test_who_does_not_end_a_mail_that_is_too_large_is_cut_off(shelf, monkeypatch):
    monkeypatch.setattr(session, "LINGER_SECONDS", 0.2)
    with socket.create_connection(("127.0.0.1", shelf.port), timeout=LIMIT_SECONDS) as connection:
        connection.sendall(f"EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<{OURS}>\r\nDATA\r\n".encode())
        connection.sendall(b"x" * (2 * session.MAX_MAIL_BYTES))
        said = b""
        with contextlib.suppress(ConnectionResetError):
            while more := connection.recv(65536):
                said += more

    assert b"\r\n552 " in said
    assert shelf.mails == []


def test_after_a_mail_that_is_too_large_the_next_is_welcome(client, shelf):
    client.mail("")
    client.rcpt(OURS)
    code, _ = client.data(b"x" * (2 * session.MAX_MAIL_BYTES))
    client.sendmail("", [OURS], MAIL)

    assert code == 552
    assert shelf.mails == [(LEFT, MAIL)]


@pytest.mark.parametrize("rest", [b"", b"more\r\n", b"more.\r\n", b"..\r\n"])
def test_however_a_mail_that_is_too_large_ends_the_next_is_welcome(client, shelf, monkeypatch, rest):
    monkeypatch.setattr(session, "MAX_MAIL_BYTES", 20)
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
    with socket.create_connection(("127.0.0.1", shelf.port), timeout=LIMIT_SECONDS) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(f"EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<{OURS}>\r\nDATA\r\n".encode())
        for start in range(0, len(stuffed), piece):
            connection.sendall(stuffed[start : start + piece])
            time.sleep(0.0005)  # most pieces then travel alone; what is tested holds however they are cut
        connection.sendall(b"QUIT\r\n")
        said = connection.makefile("rb").read()

    assert said.endswith(b"250 2.0.0 Kept\r\n221 Bye\r\n")
    assert shelf.mails == [(LEFT, raw)]


def test_the_largest_mail_and_a_long_line_are_taken(client, shelf):
    whole = b"x" * (session.MAX_MAIL_BYTES - 2) + b"\r\n"

    client.sendmail("", [OURS], whole)

    assert shelf.mails == [(LEFT, whole)]


def test_an_empty_mail_is_taken(client, shelf):
    client.mail("")
    client.rcpt(OURS)
    client.docmd("DATA")
    code, _ = client.docmd(".")

    assert code == 250
    assert shelf.mails == [(LEFT, b"")]
