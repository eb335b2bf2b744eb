"""How a returned mail comes in over the wire: whole, or refused while it is sent."""

import itertools
import socket
import time

import pytest

from notifications.channels.email.listener import conversation
from tests.notifications.channels.email.shelf import LEFT, MAIL, OURS


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
