import smtplib
import socket
import time

import pytest

from sandbox.mail import behaviour
from sandbox.mail.behaviour import RecipientAnswers, seconds_before_answer
from tests.limits import PATIENCE_SECONDS

MESSAGE = b"Subject: Hello\r\nMessage-ID: <1@shop.example>\r\n\r\nHello\r\n..dot\r\n"


def say(connection: socket.socket, text: bytes, answers: int) -> list[str]:
    connection.sendall(text)
    received = b""
    while received.count(b"\r\n") < answers:
        received += connection.recv(4096)
    return received.decode().splitlines()


@pytest.fixture
def connection(sandbox):
    with socket.create_connection(("127.0.0.1", sandbox.smtp_port), timeout=PATIENCE_SECONDS) as connection:
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
        time.sleep(0.001)

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


def test_a_slow_recipient_holds_up_its_own_connection_only(sandbox):
    with (
        smtplib.SMTP("127.0.0.1", sandbox.smtp_port) as slow,
        smtplib.SMTP("127.0.0.1", sandbox.smtp_port) as quick,
    ):
        slow.ehlo()
        slow.mail("a@shop.example")
        started = time.monotonic()
        slow.putcmd("rcpt", "TO:<slow@ok.test>")
        quick.sendmail("a@shop.example", ["quick@ok.test"], MESSAGE)
        quick_seconds = time.monotonic() - started
        code, _ = slow.getreply()
        slow_seconds = time.monotonic() - started

    assert code == 250
    assert quick_seconds < 4 < 5 <= slow_seconds < 8
