import email
import email.policy
import socket
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

from notifications.channels.base import SendResult
from notifications.channels.email.channel import EmailChannel, EmailMessage
from notifications.channels.email.mime import EmailContent
from notifications.channels.email.smtp.server import Security, Server
from tests.waiting import LIMIT_SECONDS

LETTER = EmailContent("注文がありました", ("花子さん\n.\n", "に届けます。"), ("<p>花子さん</p>",), "ja")


class Mailboxes(Message):
    """Keeps what aiosmtpd took."""

    def __init__(self) -> None:
        super().__init__(email.message.EmailMessage)
        self.messages: list[email.message.EmailMessage] = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address.startswith("unknown"):
            return "550 5.1.1 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    def prepare_message(self, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        message["X-RcptTo"] = envelope.rcpt_tos[0]
        return message

    def handle_message(self, message):
        self.messages.append(message)


@pytest.fixture
def mail_server():
    mailboxes = Mailboxes()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(
        mailboxes, hostname="127.0.0.1", port=port, ready_timeout=LIMIT_SECONDS, enable_SMTPUTF8=True
    )
    controller.start()
    yield mailboxes, Server("127.0.0.1", port)
    controller.stop()


def test_letters_reach_their_mailboxes(mail_server):
    mailboxes, server = mail_server
    channel = EmailChannel(
        server,
        sender="出品者センター <hub@sellers.test>",
        connections=2,
        timeout=LIMIT_SECONDS,
    )
    to = ["hanako@ok.test", "unknown@ok.test", "no address", "花子@花子の器.test", "taro@ok.test"]
    messages = [EmailMessage(uuid4(), address, LETTER) for address in to]

    outcomes = [o for some in channel.send(messages, reserve=lambda delivery_id: True) for o in some]
    channel.close()

    verdicts = {o.delivery_id: o.verdict for o in outcomes}
    assert len(outcomes) == len(messages)
    assert [verdicts[m.delivery_id] for m in messages] == [
        SendResult.ACCEPTED,
        SendResult.REFUSED,
        SendResult.REFUSED,
        SendResult.ACCEPTED,
        SendResult.ACCEPTED,
    ]
    assert sorted(m["Message-ID"] for m in mailboxes.messages) == sorted(
        f"<{messages[n].delivery_id}@sellers.test>" for n in (0, 3, 4)
    )
    assert {m["Subject"] for m in mailboxes.messages} == {"注文がありました"}


def test_only_unusable_addresses_need_no_server():
    channel = EmailChannel(
        Server("127.0.0.1", 1),
        sender="hub@sellers.test",
        connections=1,
        timeout=LIMIT_SECONDS,
    )
    message = EmailMessage(uuid4(), "nowhere", LETTER)

    outcomes = [o for some in channel.send([message], reserve=lambda delivery_id: True) for o in some]

    assert [(o.delivery_id, o.verdict, o.detail) for o in outcomes] == [
        (message.delivery_id, SendResult.REFUSED, "The address needs a name, an @ and a domain.")
    ]


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://127.0.0.1:2525", Server("127.0.0.1", 2525)),
        ("smtp://mail.sellers.test", Server("mail.sellers.test", 25)),
        (
            "smtp+tls://hub%40sellers.test:p%2Fw@mail.sellers.test",
            Server("mail.sellers.test", 587, Security.STARTTLS, "hub@sellers.test", "p/w"),
        ),
        ("smtps://[::1]:4465", Server("::1", 4465, Security.TLS)),
    ],
)
def test_a_server_is_read_from_a_url(url, server):
    assert Server.from_url(url) == server


@pytest.mark.parametrize(
    "url", ["", "mail.sellers.test", "http://mail.sellers.test", "smtp://", "smtp://mail:99999", "smtp://mail/x"]
)
def test_a_wrong_url_is_refused_with_a_sentence(url):
    with pytest.raises(ValueError, match="mail server"):
        Server.from_url(url)


def test_the_password_is_not_shown():
    assert "s3cret" not in repr(Server.from_url("smtp://hub:s3cret@mail.sellers.test"))
