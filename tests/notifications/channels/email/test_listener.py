"""The server for returned mail, over a real socket: what it takes, and what it does not."""

import smtplib
import socket
import threading

import pytest

from notifications.channels.email.bounce_server import server, session
from notifications.channels.email.return_path import ReturnPath
from tests.notifications.channels.email.shelf import LEFT, MAIL, OURS, running
from tests.waiting import LIMIT_SECONDS, wait_until

NOT_OURS = (550, b"5.1.1 No such mailbox here")


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

    answers = [client.rcpt("nobody@bounce.hub.test")[0] for _ in range(session.MAX_REFUSALS)]

    assert answers == [550] * session.MAX_REFUSALS
    assert client.getreply() == (421, b"4.7.0 Too much was refused")


@pytest.mark.parametrize("command", ["GET / HTTP/1.1", "VRFY hanako", "EXPN all", "AUTH PLAIN", "", "MAIL you"])
def test_who_speaks_another_language_is_sent_away(shelf, command):
    with socket.create_connection(("127.0.0.1", shelf.port), timeout=LIMIT_SECONDS) as connection:
        connection.sendall(b"EHLO x\r\n" + f"{command}\r\n".encode() * 20)
        said = connection.makefile("rb").read()

    assert b"\r\n421 " in said
    assert said.count(b"\r\n5") <= 20


def test_the_size_is_refused_when_it_is_announced(client, shelf):
    code, _ = client.docmd("MAIL", f"FROM:<> SIZE={20 * 1024 * 1024}")

    assert code == 552
    assert client.rcpt(OURS)[0] == 503
    assert client.docmd("DATA")[0] == 503
    assert shelf.mails == []


def test_everything_at_once_is_answered_in_order(shelf):
    talk = f"EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<{OURS}>\r\nDATA\r\n".encode() + b"Hello\r\n.\r\nQUIT\r\n"
    with socket.create_connection(("127.0.0.1", shelf.port), timeout=LIMIT_SECONDS) as connection:
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

    wait_until(lambda: shelf.rings, "the bell was rung")
    assert shelf.rings == 1


def test_lmtp():
    with running(lmtp=True) as shelf, smtplib.LMTP("127.0.0.1", shelf.port, timeout=LIMIT_SECONDS) as client:
        client.sendmail("", [OURS], MAIL)

    assert shelf.mails == [(LEFT, MAIL)]


def test_one_too_many_is_sent_away(shelf, monkeypatch):
    monkeypatch.setattr(server, "MAX_CONNECTIONS", 1)

    with smtplib.SMTP("127.0.0.1", shelf.port, timeout=LIMIT_SECONDS) as client:
        client.ehlo("x")
        with pytest.raises(smtplib.SMTPConnectError) as refused:
            smtplib.SMTP("127.0.0.1", shelf.port, timeout=LIMIT_SECONDS)
    assert refused.value.smtp_code == 421


def test_who_says_nothing_is_sent_away(monkeypatch):
    monkeypatch.setattr(session, "IDLE_SECONDS", 0.2)
    with (
        running() as shelf,
        socket.create_connection(("127.0.0.1", shelf.port), timeout=LIMIT_SECONDS) as connection,
    ):
        said = connection.makefile("rb").read()

    assert said.endswith(b"421 4.4.2 Too slow\r\n")


def test_the_mail_in_hand_is_finished_before_the_end(shelf):
    asked, may_go_on = threading.Event(), threading.Event()

    def slowly() -> bool:
        asked.set()
        return may_go_on.wait(LIMIT_SECONDS)

    shelf.answer = slowly
    idle = smtplib.SMTP("127.0.0.1", shelf.port, timeout=LIMIT_SECONDS)
    client = smtplib.SMTP("127.0.0.1", shelf.port, timeout=LIMIT_SECONDS)
    client.ehlo("x")
    client.mail("")
    client.rcpt(OURS)
    client.docmd("DATA")
    client.send(MAIL + b".\r\n")
    assert asked.wait(LIMIT_SECONDS)

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
        socket.create_connection(("127.0.0.1", shelf.port), timeout=LIMIT_SECONDS)


def test_nothing_personal_is_logged(client, shelf, caplog):
    caplog.set_level("DEBUG")
    client.sendmail("somebody@ok.test", [OURS], b"From: hanako@ok.test\r\n\r\nsecret\r\n")
    client.docmd("VRFY", "taro@ok.test")

    for word in ("somebody", "bounce+", "hanako", "secret", "taro"):
        assert word not in caplog.text.lower()
