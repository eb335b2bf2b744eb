"""Bounces in sentences: the shapes of mail servers, and charsets."""

import base64
import quopri
from collections.abc import Callable

import pytest

from notifications.channels.email.bounces import parse
from notifications.types.enums import BounceKind, BounceReason

from .samples import PROSE_HEAD, RECIPIENT, SENDER, prose

QUOTED = f"\n--- Below this line is a copy of the mail.\n\nTo: {RECIPIENT}\nSubject: mailbox full\n\nuser unknown\n"
SHAPES = {
    "postfix": (
        f"I am sorry.\n\n<{RECIPIENT}>: host mx.sellers.test[192.0.2.1] said: 550 5.1.1\n"
        f"    <{RECIPIENT}>: user unknown (in reply to RCPT TO command)\n",
        BounceReason.UNKNOWN_USER,
    ),
    "qmail": (
        f"Hello, this is qmail at mx.hub.test.\n\n<{RECIPIENT}>:\n192.0.2.1 does not like recipient.\n"
        f"Remote host said: 552 mailbox full\nGiving up on 192.0.2.1.\n{QUOTED}",
        BounceReason.MAILBOX_FULL,
    ),
    "exim": (
        f"The following address failed:\n\n  {RECIPIENT}\n    host mx.sellers.test [192.0.2.1]\n"
        f"    SMTP error from remote mail server after RCPT TO:<{RECIPIENT}>:\n    550 account disabled\n",
        BounceReason.SUSPENDED,
    ),
    "sendmail": (
        "   ----- The following addresses had permanent fatal errors -----\n"
        f"<{RECIPIENT}>\n    (reason: 550 5.1.2 host unknown)\n\n   ----- Transcript of session follows -----\n"
        f"550 5.1.2 <{RECIPIENT}>... Host unknown\n",
        BounceReason.HOST_UNKNOWN,
    ),
    "exchange": (
        f"Your mail\n\n  To:      {SENDER}\n  Subject: Order\n\ndid not reach these recipients:\n\n"
        f"{RECIPIENT} on Mon, 2 Nov 2026 09:00:00 +0900\n    The name of the recipient is not recognised\n"
        "    550 5.1.1 RESOLVER.ADR.RecipNotFound\n",
        BounceReason.UNKNOWN_USER,
    ),
    "gmail": (
        f"Delivery to this recipient failed for good:\n\n     {RECIPIENT}\n\nTechnical details:\n"
        "We tried to deliver it, but it was rejected by the recipient domain. The other server said:\n"
        "552 5.3.4 message too big.\n",
        BounceReason.MESSAGE_TOO_BIG,
    ),
    "smtp log": (
        f"Session:\n>>> RCPT To:<{RECIPIENT}>\n<<< 550 mail from 192.0.2.9 is on our block list\n",
        BounceReason.BLOCKED_BY_PROVIDER,
    ),
    "a sentence": (
        f"We could not deliver your message to {RECIPIENT} because its mailbox is full.\n",
        BounceReason.MAILBOX_FULL,
    ),
    "carrier": (
        "お送りいただいたメールは、次の宛先に送信できませんでした。\n\n"
        f"Each of the following was rejected.\n\n    Recipient: <{RECIPIENT}>\n"
        f"    >>> RCPT TO:<{RECIPIENT}>\n    <<< 550 <{RECIPIENT}>: User unknown\n",
        BounceReason.UNKNOWN_USER,
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_recipient_and_the_reason_are_found(shape: str) -> None:
    text, reason = SHAPES[shape]

    found = parse(prose(text))

    assert [(bounce.recipient, bounce.reason, bounce.kind) for bounce in found] == [
        (RECIPIENT, reason, BounceKind.BOUNCE)
    ]
    assert found[0].permanent


def test_each_recipient_has_the_words_beside_it() -> None:
    text = f"<{RECIPIENT}>:\n550 user unknown\n\n<taro@sellers.test>:\n552 mailbox full\n{QUOTED}"

    found = {bounce.recipient: bounce.reason for bounce in parse(prose(text))}

    assert found == {
        RECIPIENT: BounceReason.UNKNOWN_USER,
        "taro@sellers.test": BounceReason.MAILBOX_FULL,
    }


def test_the_header_of_exim_names_the_recipient_when_the_text_does_not() -> None:
    head = f"{PROSE_HEAD}X-Failed-Recipients: {RECIPIENT}\n"

    (bounce,) = parse(prose("It failed: 550 no such user.\n", head=head))

    assert (bounce.recipient, bounce.permanent) == (RECIPIENT, True)


def test_the_returned_mail_names_the_recipient_when_nothing_else_does() -> None:
    (bounce,) = parse(prose(f"Sorry. 552 mailbox full\n{QUOTED}"))

    assert (bounce.recipient, bounce.reason) == (RECIPIENT, BounceReason.MAILBOX_FULL)


@pytest.mark.parametrize(
    "text", ["宛先{}は存在しません", "宛先：{}。\n理由：アドレスが存在しません", "收件人（{}）不存在"]
)
def test_an_address_ends_where_japanese_begins(text: str) -> None:
    (bounce,) = parse(prose(text.format("hana..ko.@docomo.ne.jp")))

    assert (bounce.recipient, bounce.reason) == ("hana..ko.@docomo.ne.jp", BounceReason.UNKNOWN_USER)


def test_labels_tell_the_recipients_and_what_is_wrong_with_each() -> None:
    text = f"Unknown user: {RECIPIENT}\n\nUser mailbox exceeds allowed size: taro@sellers.test\n"

    found = {bounce.recipient: bounce.reason for bounce in parse(prose(text))}

    assert found == {RECIPIENT: BounceReason.UNKNOWN_USER, "taro@sellers.test": BounceReason.MAILBOX_FULL}


def test_a_helpdesk_is_not_the_recipient() -> None:
    text = f"For help please contact helpdesk@mx.hub.test.\n\n<{RECIPIENT}>: 550 user unknown\n"

    assert [bounce.recipient for bounce in parse(prose(text))] == [RECIPIENT]


def test_a_bounce_that_names_nobody_still_tells_why() -> None:
    (bounce,) = parse(prose("Sorry, 550 5.1.1 user unknown.\n"))

    assert (bounce.recipient, bounce.reason, bounce.permanent) == ("", BounceReason.UNKNOWN_USER, True)


def test_a_server_that_gave_up_waiting_is_not_final() -> None:
    (bounce,) = parse(prose(f"<{RECIPIENT}>:\nConnection timed out. I give up. (#4.4.1)\n"))

    assert (bounce.reason, bounce.permanent) == (BounceReason.EXPIRED, False)


JAPANESE = f"送信先のメールボックスの容量を超えています。\n\n<{RECIPIENT}>\n"


@pytest.mark.parametrize("charset", ["utf-8", "iso-2022-jp", "euc-jp", "shift_jis"])
def test_japanese_is_read_in_every_charset(charset: str) -> None:
    (bounce,) = parse(prose(JAPANESE, charset=charset))

    assert (bounce.recipient, bounce.reason) == (RECIPIENT, BounceReason.MAILBOX_FULL)


def test_iso_2022_jp_is_read_though_no_charset_is_declared() -> None:
    mail = prose(JAPANESE, charset="iso-2022-jp").replace(b"; charset=iso-2022-jp", b"")

    assert parse(mail)[0].reason == BounceReason.MAILBOX_FULL


@pytest.mark.parametrize(
    ("encoding", "encode"), [("base64", base64.encodebytes), ("quoted-printable", quopri.encodestring)]
)
def test_transfer_encodings_are_undone(encoding: str, encode: Callable[[bytes], bytes]) -> None:
    head = f"{PROSE_HEAD}Content-Transfer-Encoding: {encoding}\nContent-Type: text/plain; charset=utf-8\n\n"

    (bounce,) = parse(head.encode() + encode(JAPANESE.encode()))

    assert (bounce.recipient, bounce.reason) == (RECIPIENT, BounceReason.MAILBOX_FULL)


def test_html_is_read_without_its_tags() -> None:
    mail = f"{PROSE_HEAD}Content-Type: text/html\n\n<p>Failed:<br>&lt;{RECIPIENT}&gt;: 550 <b>user</b> unknown</p>"

    (bounce,) = parse(mail.encode())

    assert (bounce.recipient, bounce.reason) == (RECIPIENT, BounceReason.UNKNOWN_USER)


@pytest.mark.parametrize(
    "content_type",
    [
        'multipart/mixed; boundary="never-comes"',
        "multipart/mixed",
        'multipart/mixed;\nboundary="unindented"',
        "nonsense",
        'text/plain; charset="no-such-charset"',
        "text/plain; charset=punycode",
    ],
)
def test_broken_mime_is_read_as_text(content_type: str) -> None:
    mail = f"{PROSE_HEAD}Content-Type: {content_type}\n\n<{RECIPIENT}>: 550 user unknown\n"

    (bounce,) = parse(mail.encode())

    assert (bounce.recipient, bounce.reason) == (RECIPIENT, BounceReason.UNKNOWN_USER)
