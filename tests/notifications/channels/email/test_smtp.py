import socket
import ssl
import time
from collections.abc import Iterable
from uuid import UUID, uuid4

import pytest

from notifications.channels import internal_reasons
from notifications.channels.base import Outcome, SendResult
from notifications.channels.email.smtp import sender as smtp
from notifications.channels.email.smtp.sender import SmtpSender
from notifications.channels.email.smtp.server import Server
from notifications.channels.email.smtp.session import Mail
from tests.waiting import LIMIT_SECONDS, wait_until

from .certificates import write_certificate
from .wire import Peer, TestServer, by_recipient, running

pytestmark = pytest.mark.filterwarnings("error")


def mail_to(recipient: str, content: bytes = b"Subject: x\r\n\r\nbody\r\n") -> Mail:
    return Mail(uuid4(), b"hub@sellers.test", recipient.encode(), content, needs_utf8=not recipient.isascii())


def sender_to(port: int, *, connections: int = 3, timeout: float = LIMIT_SECONDS) -> SmtpSender:
    return SmtpSender(Server("127.0.0.1", port), connections=connections, timeout=timeout)


def send(sender: SmtpSender, mails: Iterable[Mail]) -> dict[UUID, Outcome]:
    """Every outcome by its mail; fails on a second outcome and when it takes too long."""
    outcomes: dict[UUID, Outcome] = {}
    end = time.monotonic() + LIMIT_SECONDS
    for some in sender.send(mails, reserve=lambda delivery_id: True):
        for outcome in some:
            assert outcome.delivery_id not in outcomes
            outcomes[outcome.delivery_id] = outcome
        assert time.monotonic() < end
    return outcomes


def answers(mails: list[Mail], outcomes: dict[UUID, Outcome]) -> list[tuple[str, SendResult, int | None]]:
    return [(m.recipient.decode(), outcomes[m.delivery_id].verdict, outcomes[m.delivery_id].code) for m in mails]


EVERY_BEHAVIOUR = [
    ("hanako@ok.test", SendResult.ACCEPTED, 250),
    ("unknown@ok.test", SendResult.REFUSED, 550),
    ("busy@ok.test", SendResult.DEFERRED, 451),
    ("nodata@ok.test", SendResult.REFUSED, 554),
    ("taro@ok.test", SendResult.ACCEPTED, 250),
    ("refuse@ok.test", SendResult.REFUSED, 554),
    ("later@ok.test", SendResult.DEFERRED, 452),
    ("mika@ok.test", SendResult.ACCEPTED, 250),
]


@pytest.mark.parametrize("connections", [1, 3])
@pytest.mark.parametrize("takes_data_after_refusal", [False, True])
@pytest.mark.parametrize("pipelining", [False, True])
def test_each_mail_gets_its_own_outcome(pipelining, takes_data_after_refusal, connections):
    script = by_recipient(pipelining=pipelining, takes_data_after_refusal=takes_data_after_refusal)
    expected = EVERY_BEHAVIOUR * 5
    mails = [mail_to(recipient) for recipient, _, _ in expected]

    with running(script) as server:
        sender = sender_to(server.port, connections=connections)
        outcomes = send(sender, mails)
        sender.close()

    assert answers(mails, outcomes) == expected
    assert sorted(server.recipients) == sorted(["hanako@ok.test", "taro@ok.test", "mika@ok.test"] * 5)


def test_the_server_s_words_are_kept_in_one_line():
    mail = mail_to("unknown@ok.test")

    with running(by_recipient()) as server:
        sender = sender_to(server.port)
        outcomes = send(sender, [mail])
        sender.close()

    assert outcomes[mail.delivery_id].detail == "5.1.1 There is nobody 5.1.1 of that name"


def test_content_arrives_unchanged_with_dots_and_in_size():
    content = b".\r\n..\r\n.a\r\nb.\r\n" * 1000 + b".\r\n"
    mails = [mail_to("hanako@ok.test", content), mail_to("taro@ok.test")]

    with running(by_recipient()) as server:
        sender = sender_to(server.port, connections=1)
        outcomes = send(sender, mails)
        sender.close()

    assert [outcomes[m.delivery_id].verdict for m in mails] == [SendResult.ACCEPTED, SendResult.ACCEPTED]
    assert server.mails == [("hanako@ok.test", content), ("taro@ok.test", mails[1].content)]


def test_a_mail_above_the_server_s_size_is_refused_without_being_sent():
    mail = mail_to("hanako@ok.test", b"x\r\n" * 40_000)

    with running(by_recipient()) as server:
        sender = sender_to(server.port)
        outcomes = send(sender, [mail])
        sender.close()

    assert outcomes[mail.delivery_id].verdict is SendResult.REFUSED
    assert server.mails == []


def test_an_international_address_needs_a_server_that_takes_it():
    mail = mail_to("花子@ok.test")

    with running(by_recipient()) as server:
        sender = sender_to(server.port)
        outcomes = send(sender, [mail])
        sender.close()

    assert outcomes[mail.delivery_id].verdict is SendResult.REFUSED
    assert "SMTPUTF8" in outcomes[mail.delivery_id].detail


def test_an_international_address_is_sent_where_it_is_taken():
    def script(server: TestServer, peer: Peer, number: int) -> None:
        peer.greet("SMTPUTF8")
        for answer in ("250 ok", "250 ok", "354 go on"):
            server.commands.append(peer.hear())
            peer.say(answer)
        peer.hear_mail()
        peer.say("250 taken")
        peer.hear()

    mail = mail_to("花子@ok.test")

    with running(script) as server:
        sender = sender_to(server.port)
        outcomes = send(sender, [mail])
        sender.close()

    assert outcomes[mail.delivery_id].verdict is SendResult.ACCEPTED
    assert server.commands == ["MAIL FROM:<hub@sellers.test> SMTPUTF8", "RCPT TO:<花子@ok.test>", "DATA"]


def test_a_slow_recipient_does_not_stop_the_others():
    mails = [mail_to("slow@ok.test"), *(mail_to(f"quick{n}@ok.test") for n in range(50))]

    with running(by_recipient()) as server:
        sender = sender_to(server.port, connections=2)
        known: list[UUID] = []
        for some in sender.send(mails, reserve=lambda delivery_id: True):
            known += [outcome.delivery_id for outcome in some]
            if len(known) == 50:
                server.may_go_on.set()
        sender.close()

    assert known[-1] == mails[0].delivery_id
    assert sorted(known) == sorted(mail.delivery_id for mail in mails)
    assert server.connections == 2


def test_connections_are_kept_between_batches(monkeypatch):
    monkeypatch.setattr(smtp, "_IDLE_SECONDS", LIMIT_SECONDS)
    with running(by_recipient()) as server:
        sender = sender_to(server.port, connections=1)
        for _ in range(3):
            send(sender, [mail_to("hanako@ok.test")])
        sender.close()

    assert server.connections == 1
    assert len(server.mails) == 3


def test_a_kept_connection_that_the_server_closed_costs_nothing():
    def script(server: TestServer, peer: Peer, number: int) -> None:
        peer.greet("PIPELINING")
        peer.hear_envelope()
        peer.say("250 ok", "250 ok", "354 go on")
        peer.hear_mail()
        peer.say("250 taken")

    mails = [mail_to("hanako@ok.test"), mail_to("taro@ok.test"), mail_to("mika@ok.test")]

    with running(script) as server:
        sender = sender_to(server.port, connections=1)
        verdicts = []
        for number, mail in enumerate(mails, 1):
            verdicts.append(send(sender, [mail])[mail.delivery_id].verdict)
            wait_until(lambda number=number: server.ended == number, "the server has closed the connection")
        sender.close()

    assert verdicts == [SendResult.ACCEPTED] * 3
    assert server.connections == 3


def test_a_421_between_mails_moves_the_next_to_a_new_connection():
    def script(server: TestServer, peer: Peer, number: int) -> None:
        peer.greet("PIPELINING")
        for _ in range(2):
            recipient = peer.hear_envelope()
            peer.say("250 ok", "250 ok", "354 go on")
            server.mails.append((recipient, peer.hear_mail()))
            peer.say("250 taken")
        peer.hear_envelope()
        peer.say("421 4.7.0 too many mails on this connection")

    mails = [mail_to(f"{n}@ok.test") for n in range(5)]

    with running(script) as server:
        sender = sender_to(server.port, connections=1)
        outcomes = send(sender, mails)
        sender.close()

    assert {o.verdict for o in outcomes.values()} == {SendResult.ACCEPTED}
    assert server.recipients == [f"{n}@ok.test" for n in range(5)]


def broken_after_content(ending: str) -> list[tuple[str, SendResult, int | None]]:
    """Two mails; the connection of the first ends when its content was said, in the way of `ending`."""

    def script(server: TestServer, peer: Peer, number: int) -> None:
        peer.greet("PIPELINING")
        while True:
            peer.hear_envelope()
            peer.say("250 ok", "250 ok", "354 go on")
            peer.hear_mail()
            if number == 1:
                if ending:
                    peer.say(ending)
                return
            peer.say("250 taken")

    mails = [mail_to("hanako@ok.test"), mail_to("taro@ok.test")]
    with running(script) as server:
        sender = sender_to(server.port, connections=1)
        outcomes = send(sender, mails)
        sender.close()
    return answers(mails, outcomes)


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        ("", None),
        ("421 4.3.2 shutting down", 421),
        ("this is not SMTP", None),
        ("99 neither", None),
        ("354 again?", 354),
        ("x" * 100_000, None),
    ],
)
def test_a_mail_without_an_answer_is_unreachable_and_the_next_goes_on(ending, code):
    result = broken_after_content(ending)

    assert result == [
        ("hanako@ok.test", SendResult.UNREACHABLE, code),
        ("taro@ok.test", SendResult.ACCEPTED, 250),
    ]


def test_an_outcome_read_before_the_connection_broke_is_kept():
    def script(server: TestServer, peer: Peer, number: int) -> None:
        peer.greet("PIPELINING")
        if number == 1:
            peer.hear_envelope()
            peer.say("250 ok", "550 5.1.1 nobody")
        else:
            peer.say("421 not today")

    mail = mail_to("hanako@ok.test")

    with running(script) as server:
        sender = sender_to(server.port, connections=1)
        outcomes = send(sender, [mail])
        sender.close()

    assert answers([mail], outcomes) == [("hanako@ok.test", SendResult.REFUSED, 550)]


def test_a_server_that_drops_every_envelope_gets_each_mail_twice_and_no_more():
    def script(server: TestServer, peer: Peer, number: int) -> None:
        peer.greet("PIPELINING")
        server.commands.append(peer.hear_envelope())

    mails = [mail_to("hanako@ok.test"), mail_to("taro@ok.test")]

    with running(script) as server:
        sender = sender_to(server.port, connections=1)
        outcomes = send(sender, mails)
        sender.close()

    assert [o.verdict for o in outcomes.values()] == [SendResult.UNREACHABLE] * 2
    assert sorted(server.commands) == ["hanako@ok.test"] * 2 + ["taro@ok.test"] * 2


def test_our_own_trouble_blames_no_recipient():
    def script(server: TestServer, peer: Peer, number: int) -> None:
        peer.greet("PIPELINING")
        peer.hear_envelope()
        peer.say("553 5.7.1 sender not owned", "503 need MAIL", "503 need RCPT")
        peer.hear()

    mail = mail_to("hanako@ok.test")

    with running(script) as server:
        sender = sender_to(server.port, connections=1)
        outcomes = send(sender, [mail])
        sender.close()

    assert outcomes[mail.delivery_id] == Outcome(
        mail.delivery_id, SendResult.UNREACHABLE, "5.7.1 sender not owned", 553
    )


def test_nobody_listening_ends_early_and_leaves_the_rest():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        sender = sender_to(unused.getsockname()[1], connections=2)
        mails = iter([mail_to(f"{n}@ok.test") for n in range(100)])

        outcomes = send(sender, mails)
        sender.close()

    assert {o.verdict for o in outcomes.values()} == {SendResult.UNREACHABLE}
    assert len(outcomes) + len(list(mails)) == 100
    assert len(outcomes) <= 2


@pytest.mark.parametrize(
    ("script", "timeout"),
    [
        (lambda server, peer, number: hang(server), 0.3),
        (lambda server, peer, number: peer.say("554 5.7.1 we do not talk to you"), LIMIT_SECONDS),
        (lambda server, peer, number: peer.say("421 too many connections"), LIMIT_SECONDS),
        (lambda server, peer, number: peer.say("HTTP/1.1 400 Bad Request"), LIMIT_SECONDS),
        (lambda server, peer, number: (peer.say("220 hi"), peer.hear(), hang(server)), 0.3),
    ],
    ids=["silent", "refuses", "421", "not SMTP", "silent after EHLO"],
)
def test_a_server_that_does_not_let_us_in_ends_early(script, timeout):
    mails = iter([mail_to(f"{n}@ok.test") for n in range(100)])

    with running(script) as server:
        sender = sender_to(server.port, connections=2, timeout=timeout)
        outcomes = send(sender, mails)
        sender.close()

    assert {o.verdict for o in outcomes.values()} == {SendResult.UNREACHABLE}
    assert len(outcomes) + len(list(mails)) == 100
    assert 1 <= len(outcomes) <= 2


def test_a_server_that_allows_one_connection_still_gets_everything():
    orderly = by_recipient()

    def script(server: TestServer, peer: Peer, number: int) -> None:
        if number == 1:
            orderly(server, peer, number)
        else:
            peer.say("421 4.7.0 too many connections")

    mails = [mail_to(f"{n}@ok.test") for n in range(200)]

    with running(script) as server:
        sender = sender_to(server.port, connections=4)
        outcomes = send(sender, mails)
        sender.close()

    assert {o.verdict for o in outcomes.values()} == {SendResult.ACCEPTED}
    assert len(server.mails) == 200


def hang(server: TestServer) -> None:
    """Say nothing until the test is over."""
    server.may_go_on.wait(2 * LIMIT_SECONDS)


@pytest.mark.parametrize("drip", [False, True])
def test_a_server_that_stops_answering_is_left(drip):
    def script(server: TestServer, peer: Peer, number: int) -> None:
        peer.greet("PIPELINING")
        peer.hear_envelope()
        peer.say("250 ok", "250 ok", "354 go on")
        peer.hear_mail()
        while not server.may_go_on.wait(0.1):
            if drip:
                peer.say("250-still thinking")

    mail = mail_to("hanako@ok.test")

    with running(script) as server:
        sender = sender_to(server.port, connections=1, timeout=0.5)
        outcomes = send(sender, [mail])
        sender.close()

    assert outcomes[mail.delivery_id].verdict is SendResult.UNREACHABLE
    assert outcomes[mail.delivery_id].detail == internal_reasons.SILENT % {"seconds": "0.5"}


@pytest.mark.parametrize("connections", [1, 4])
def test_the_caller_bounds_what_may_have_arrived(connections):
    handed_over: list[UUID] = []
    recorded = most = 0

    def reserve(delivery_id: UUID) -> bool:
        nonlocal most
        if len(handed_over) - recorded >= 3:
            return False
        handed_over.append(delivery_id)
        most = max(most, len(handed_over) - recorded)
        return True

    with running(by_recipient()) as server:
        sender = sender_to(server.port, connections=connections)
        mails = [mail_to(f"{n}@ok.test") for n in range(200)]
        known = 0
        for some in sender.send(mails, reserve=reserve):
            known += len(some)
            if known - recorded >= 3:
                recorded = known
        sender.close()

    assert len(server.mails) == 200
    assert sorted(handed_over) == sorted(mail.delivery_id for mail in mails)
    assert most <= 3


def test_stopping_early_leaves_no_half_mail_behind():
    with running(by_recipient()) as server:
        sender = sender_to(server.port, connections=2)
        outcomes = sender.send([mail_to("slow@ok.test"), mail_to("slow@ok.test")], reserve=lambda delivery_id: True)
        next(outcomes)
        outcomes.close()
        after = send(sender, [mail_to("hanako@ok.test")])
        sender.close()

    assert [o.verdict for o in after.values()] == [SendResult.ACCEPTED]
    assert server.recipients == ["hanako@ok.test"]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return write_certificate(tmp_path_factory.mktemp("tls"))


def accepting_context(certificate) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def sign_in_script(certificate, *, starttls: bool, mechanism: str):
    def script(server: TestServer, peer: Peer, number: int) -> None:
        if starttls:
            peer.greet("STARTTLS")
            assert peer.hear() == "STARTTLS"
            peer.say("220 go on")
            with accepting_context(certificate).wrap_socket(peer.socket, server_side=True) as encrypted:
                inner = Peer(encrypted)
                assert inner.hear().startswith("EHLO ")
                inner.say("250-hello", "250-PIPELINING", f"250 AUTH {mechanism}")
                sign_in_and_take(server, inner)
        else:
            with accepting_context(certificate).wrap_socket(peer.socket, server_side=True) as encrypted:
                inner = Peer(encrypted)
                inner.greet("PIPELINING", f"AUTH {mechanism}")
                sign_in_and_take(server, inner)

    return script


def sign_in_and_take(server: TestServer, peer: Peer) -> None:
    server.commands.append(peer.hear())
    if server.commands[-1] == "AUTH LOGIN":
        for question in ("334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6"):
            peer.say(question)
            server.commands.append(peer.hear())
    peer.say("235 signed in")
    recipient = peer.hear_envelope()
    peer.say("250 ok", "250 ok", "354 go on")
    server.mails.append((recipient, peer.hear_mail()))
    peer.say("250 taken")
    peer.hear()


@pytest.mark.parametrize(
    ("mechanism", "commands"),
    [
        ("PLAIN LOGIN", ["AUTH PLAIN AGh1YgBzM2NyZXQ6"]),
        ("LOGIN", ["AUTH LOGIN", "aHVi", "czNjcmV0Og=="]),
    ],
)
@pytest.mark.parametrize("scheme", ["smtps", "smtp+tls"])
def test_encrypted_and_signed_in(certificate, scheme, mechanism, commands):
    mail = mail_to("hanako@ok.test", b"Subject: x\r\n\r\n" + b"x" * 70 + b"\r\n" * 50_000)
    script = sign_in_script(certificate, starttls=scheme == "smtp+tls", mechanism=mechanism)

    with running(script) as server:
        sender = SmtpSender(
            Server.from_url(f"{scheme}://hub:s3cret%3A@localhost:{server.port}"),
            connections=1,
            timeout=LIMIT_SECONDS,
            tls=ssl.create_default_context(cafile=certificate),
        )
        outcomes = send(sender, [mail])
        sender.close()

    assert [o.verdict for o in outcomes.values()] == [SendResult.ACCEPTED]
    assert server.commands == commands
    assert server.mails == [("hanako@ok.test", mail.content)]


def test_an_unknown_certificate_is_not_trusted(certificate):
    mail = mail_to("hanako@ok.test")

    with running(sign_in_script(certificate, starttls=False, mechanism="PLAIN")) as server:
        sender = SmtpSender(
            Server.from_url(f"smtps://hub:s3cret@localhost:{server.port}"),
            connections=1,
            timeout=LIMIT_SECONDS,
        )
        outcomes = send(sender, [mail])
        sender.close()

    assert outcomes[mail.delivery_id].verdict is SendResult.UNREACHABLE
    assert "CERTIFICATE_VERIFY_FAILED" in outcomes[mail.delivery_id].detail
    assert server.mails == []


def plain_server(*lines: str):
    def script(server: TestServer, peer: Peer, number: int) -> None:
        peer.greet(*lines)
        while command := peer.hear():
            server.commands.append(command)
            peer.say("535 5.7.8 wrong password")

    return script


@pytest.mark.parametrize(
    ("scheme", "extensions", "detail"),
    [
        ("smtp+tls", ["SIZE"], "The mail server offers no STARTTLS."),
        ("smtp", ["SIZE"], "The mail server offers neither AUTH PLAIN nor AUTH LOGIN."),
        ("smtp", ["AUTH PLAIN"], "5.7.8 wrong password"),
    ],
)
def test_what_signing_in_needs_and_does_not_get(scheme, extensions, detail):
    mail = mail_to("hanako@ok.test")

    with running(plain_server(*extensions)) as server:
        sender = SmtpSender(
            Server.from_url(f"{scheme}://hub:s3cret@127.0.0.1:{server.port}"),
            connections=2,
            timeout=LIMIT_SECONDS,
        )
        outcomes = send(sender, [mail])
        sender.close()

    assert outcomes[mail.delivery_id].verdict is SendResult.UNREACHABLE
    assert outcomes[mail.delivery_id].detail == detail


def test_an_old_server_without_extensions():
    def script(server: TestServer, peer: Peer, number: int) -> None:
        peer.say("220-welcome", "220 ready")
        for answer in ("502 what is EHLO?", "250 hello", "250 ok", "251 forwarded", "354 go on"):
            server.commands.append(peer.hear().split()[0])
            peer.say(answer)
        peer.hear_mail()
        peer.say("250")
        peer.hear()

    mail = mail_to("hanako@ok.test")

    with running(script) as server:
        sender = sender_to(server.port)
        outcomes = send(sender, [mail])
        sender.close()

    assert [o.verdict for o in outcomes.values()] == [SendResult.ACCEPTED]
    assert server.commands == ["EHLO", "HELO", "MAIL", "RCPT", "DATA"]
