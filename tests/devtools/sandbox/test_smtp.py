import asyncio
import queue
import select
import smtplib
import socket
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from devtools.sandbox.mail import behaviour, smtp
from devtools.sandbox.mail.behaviour import RecipientAnswers, seconds_before_answer
from devtools.sandbox.mail.mailboxes import Mailboxes
from tests.waiting import LIMIT_SECONDS

MESSAGE = b"Subject: Hello\r\nMessage-ID: <1@shop.example>\r\n\r\nHello\r\n..dot\r\n"


def say(connection: socket.socket, text: bytes, answers: int) -> list[str]:
    connection.sendall(text)
    received = b""
    while received.count(b"\r\n") < answers:
        received += connection.recv(4096)
    return received.decode().splitlines()


@pytest.fixture
def connection(sandbox):
    with socket.create_connection(("127.0.0.1", sandbox.smtp_port), timeout=LIMIT_SECONDS) as connection:
        say(connection, b"", 1)
        yield connection


def test_ehlo_names_the_extensions(sandbox):
    with smtplib.SMTP("127.0.0.1", sandbox.smtp_port) as client:
        client.ehlo()

        assert {"pipelining", "8bitmime", "smtputf8", "enhancedstatuscodes", "size"} <= set(client.esmtp_features)
        assert "auth" not in client.esmtp_features


def test_pipelined_commands_are_answered_in_order(connection):
    say(connection, b"EHLO test\r\n", 7)

    first = say(
        connection,
        b"MAIL FROM:<a@shop.example>\r\nRCPT TO:<hanako@ok.test>\r\nRCPT TO:<full@ok.test>\r\nDATA\r\n",
        4,
    )
    second = say(
        connection,
        MESSAGE + b".\r\nMAIL FROM:<a@shop.example>\r\nRCPT TO:<unknown@ok.test>\r\nDATA\r\nRSET\r\n"
        b"MAIL FROM:<a@shop.example>\r\nRCPT TO:<taro@ok.test>\r\nDATA\r\n",
        8,
    )
    third = say(connection, MESSAGE + b".\r\nQUIT\r\n", 2)

    assert [line[:9] for line in first] == ["250 OK", "250 2.1.5", "552 5.2.2", "354 End d"]
    assert [line[:9] for line in second] == [
        "250 2.0.0",
        "250 OK",
        "550 5.1.1",
        "503 Error",
        "250 OK",
        "250 OK",
        "250 2.1.5",
        "354 End d",
    ]
    assert [line[:3] for line in third] == ["250", "221"]


def test_a_whole_conversation_in_small_pieces(connection):
    say(connection, b"EHLO test\r\n", 7)
    conversation = b"MAIL FROM:<>\r\nRCPT TO:<null@ok.test>\r\nDATA\r\n"

    for index in range(0, len(conversation), 7):
        connection.sendall(conversation[index : index + 7])
        time.sleep(0.001)  # most pieces then travel alone; what is tested holds however they are cut

    assert [line[:3] for line in say(connection, b"", 3)] == ["250", "250", "354"]


@pytest.mark.parametrize(
    ("address", "code", "words"),
    [
        ("full.box@ok.test", 552, b"5.2.2"),
        ("unknown7@ok.test", 550, b"5.1.1"),
        ("Unknown@ok.test", 550, b"5.1.1"),
        ("suspended@ok.test", 550, b"5.2.1"),
        ("nohost@ok.test", 550, b"5.1.2"),
        ("blocked@ok.test", 554, b"5.7.1"),
        ("never@ok.test", 451, b"4.3.2"),
    ],
)
def test_refused_recipients(sandbox, address, code, words):
    with (
        smtplib.SMTP("127.0.0.1", sandbox.smtp_port) as client,
        pytest.raises(smtplib.SMTPRecipientsRefused) as refused,
    ):
        client.sendmail("a@shop.example", [address], MESSAGE)

    said = refused.value.recipients[address]
    assert (said[0], said[1].split()[0]) == (code, words)


@pytest.mark.parametrize(("address", "code"), [("refuse@ok.test", 554), ("toobig@ok.test", 552)])
def test_some_answer_after_data(sandbox, address, code):
    with smtplib.SMTP("127.0.0.1", sandbox.smtp_port) as client, pytest.raises(smtplib.SMTPDataError) as refused:
        client.sendmail("a@shop.example", [address], MESSAGE)

    assert refused.value.smtp_code == code


def test_busy_refuses_twice_then_accepts():
    answers = RecipientAnswers()

    said = [answers.answer(address)[:3] for address in ["busy1@x", "BUSY1@x", "busy2@x", "busy1@x", "busy1@x"]]

    assert said == ["451", "451", "451", "250", "250"]


def test_busy_addresses_are_remembered_within_a_bound(monkeypatch):
    monkeypatch.setattr(behaviour, "REMEMBERED_ADDRESSES", 2)
    answers = RecipientAnswers()
    for address in ["busy1@x", "busy1@x", "busy2@x", "busy3@x"]:
        answers.answer(address)

    assert answers.answer("busy1@x") == behaviour.BUSY


def test_slow_waits_five_seconds_and_the_others_do_not():
    assert [seconds_before_answer(address) for address in ["slow.shop@x", "hanako@x"]] == [5.0, 0.0]


@pytest.fixture
def slow_until(monkeypatch) -> Iterator[tuple[int, threading.Event]]:
    """The port of a sandbox in this process, and the event that a slow recipient waits for."""
    may_answer, is_over, ports = threading.Event(), threading.Event(), queue.SimpleQueue()

    async def sleep(seconds: float) -> None:
        assert seconds == behaviour.SLOW_SECONDS
        await asyncio.to_thread(may_answer.wait, LIMIT_SECONDS)

    async def serve() -> None:
        listener = socket.create_server(("127.0.0.1", 0))
        ports.put(listener.getsockname()[1])
        async with await smtp.start(Mailboxes(), listener):
            await asyncio.to_thread(is_over.wait)

    monkeypatch.setattr(smtp, "asyncio", SimpleNamespace(sleep=sleep, get_running_loop=asyncio.get_running_loop))
    thread = threading.Thread(target=asyncio.run, args=[serve()])
    thread.start()
    yield ports.get(timeout=LIMIT_SECONDS), may_answer
    may_answer.set()
    is_over.set()
    thread.join(LIMIT_SECONDS)


def test_a_slow_recipient_holds_up_its_own_connection_only(slow_until):
    port, may_answer = slow_until
    with (
        smtplib.SMTP("127.0.0.1", port, timeout=LIMIT_SECONDS) as slow,
        smtplib.SMTP("127.0.0.1", port, timeout=LIMIT_SECONDS) as quick,
    ):
        slow.ehlo()
        slow.mail("a@shop.example")
        slow.putcmd("rcpt", "TO:<slow@ok.test>")
        refused = quick.sendmail("a@shop.example", ["quick@ok.test"], MESSAGE)
        has_answered_early, _, _ = select.select([slow.sock], [], [], 0)
        may_answer.set()
        code, _ = slow.getreply()

    assert (refused, has_answered_early, code) == ({}, [], 250)
