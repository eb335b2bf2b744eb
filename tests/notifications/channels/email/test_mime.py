import email
import email.policy
import re
from datetime import UTC, datetime
from email.message import EmailMessage
from html import escape
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.channels.email.mailbox import UnusableAddressError, mailbox
from notifications.channels.email.mime import Assembler, EmailContent

DELIVERY_ID = UUID("01939c2e-5d2b-7c3a-9d55-0b8f3f6f0c11")
LETTER = EmailContent("注文がありました", ("花子さん\n.\n注文です。",), ("<p>花子さん</p>",), "ja")

without_surrogates = st.text(alphabet=st.characters(exclude_categories=("Cs",)))
header_text = st.one_of(
    without_surrogates,
    st.text(alphabet="ab =?_-.,\"'\r\n\t\x00花💐", max_size=400),
    st.lists(st.text(alphabet="abc", min_size=1, max_size=90), max_size=20).map(" ".join),
)
local_part = st.from_regex(r"[a-z0-9+_-]{1,20}(\.[a-z0-9]{1,20}){0,2}", fullmatch=True)
domain = st.from_regex(r"[a-z0-9]{1,20}(\.[a-z]{2,10}){1,3}", fullmatch=True)


def assemble(
    letter: EmailContent,
    *,
    to: str = "hanako@ok.test",
    sender: str = "SellerHub <hub@sellers.test>",
    token: str = "",
) -> bytes:
    assembler = Assembler(sender)
    return assembler.address(
        assembler.seal(letter), delivery_id=DELIVERY_ID, to=mailbox(to), shown=to, unsubscribe_token=token
    )


def parse(mail: bytes) -> EmailMessage:
    message = email.message_from_bytes(mail, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def body(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    assert part is not None
    return part.get_content()


def lines_of(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def expected_header(text: str) -> str:
    return re.sub("[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", text).strip()


pieces = st.lists(without_surrogates, min_size=1, max_size=3).map(tuple)


@given(subject=header_text, text=pieces, html=pieces, local=local_part, domain=domain)
def test_the_standard_library_reads_every_mail_back_equal(subject, text, html, local, domain):
    to = f"{local}@{domain}"

    message = parse(assemble(EmailContent(subject, text, html, "ja"), to=to))

    assert message.defects == []
    assert message["Subject"] == expected_header(subject)
    assert message["To"] == to
    assert lines_of(body(message, "plain")) == lines_of(to.join(text))
    assert lines_of(body(message, "html")) == lines_of(escape(to).join(html))


@given(subject=header_text, text=without_surrogates)
def test_no_text_adds_a_header_or_a_long_line(subject, text):
    mail = assemble(EmailContent(subject, (text,), (text,), "en"))

    assert parse(mail).keys() == [
        "Date",
        "Message-ID",
        "X-SellerHub-Delivery",
        "To",
        "From",
        "Subject",
        "Content-Language",
        "Auto-Submitted",
        "X-Auto-Response-Suppress",
        "MIME-Version",
        "Content-Type",
    ]
    assert mail.replace(b"\r\n", b"").translate(None, b"\r\n") == mail.replace(b"\r\n", b"")
    assert max(len(line) for line in mail.split(b"\r\n")) <= 78
    assert all(len(word) <= 75 for word in re.findall(rb"=\?utf-8\?b\?[^?]*\?=", mail))
    assert not any(line.startswith(b".") for line in mail.split(b"\r\n"))


@given(text=pieces, html=pieces, end=without_surrogates, token=st.from_regex(r"[A-Za-z0-9_-]{1,120}", fullmatch=True))
def test_a_recipient_s_way_out_stands_in_the_headers_and_in_both_bodies(text, html, end, token):
    url = "https://hub.example/unsubscribe/"
    letter = EmailContent("注文", text, html, "ja", unsubscribe_url=url, text_end=end, html_end=end)

    mail = assemble(letter, token=token)

    message = parse(mail)
    assert message.defects == []
    assert message["List-Unsubscribe"] == f"<{url}{token}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert lines_of(body(message, "plain")) == lines_of("hanako@ok.test".join(text) + token + end)
    assert lines_of(body(message, "html")) == lines_of("hanako@ok.test".join(html) + token + end)
    assert f"\r\nList-Unsubscribe: <{url}{token}>\r\n".encode() in mail
    assert max(len(line) for line in mail.split(b"\r\n")) <= max(78, len(f"List-Unsubscribe: <{url}{token}>"))


def test_where_there_is_no_way_out_no_header_promises_one():
    mail = assemble(LETTER, token="a-token")

    assert b"unsubscribe" not in mail.lower()
    assert b"a-token" not in mail


@given(name=st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs")), max_size=9))
def test_a_display_name_is_read_back(name):
    sender = f'"{name}" <hub@sellers.test>' if name and not set('"\\') & set(name) else "hub@sellers.test"

    header = parse(assemble(LETTER, sender=sender))["From"]

    assert header.addresses[0].addr_spec == "hub@sellers.test"
    assert header.addresses[0].display_name == (name if sender.startswith('"') else "")


def test_the_fixed_headers():
    before = datetime.now(UTC).replace(microsecond=0)

    message = parse(assemble(LETTER))

    assert message["Message-ID"] == "<01939c2e-5d2b-7c3a-9d55-0b8f3f6f0c11@sellers.test>"
    assert message["X-SellerHub-Delivery"] == "01939c2e-5d2b-7c3a-9d55-0b8f3f6f0c11"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert message["Content-Language"] == "ja"
    assert message["From"] == "SellerHub <hub@sellers.test>"
    assert message.get_content_type() == "multipart/alternative"
    assert before <= message["Date"].datetime <= datetime.now(UTC)


def test_a_wrong_language_tag_is_refused():
    with pytest.raises(ValueError, match="language tag"):
        assemble(EmailContent("Subject", ("text",), ("html",), "ja\r\nBcc: mika@books.test"))


@pytest.mark.parametrize(
    ("address", "wire", "needs_utf8"),
    [
        ("hanako.sato+shop@ok.test", b"hanako.sato+shop@ok.test", False),
        ("hanako..sato@docomo.test", b'"hanako..sato"@docomo.test', False),
        ('"hanako..sato."@docomo.test', b'"hanako..sato."@docomo.test', False),
        ('"hanako"@ok.test', b"hanako@ok.test", False),
        ("hanako@花子の器.test", b"hanako@xn--u9j465ivlddz3c.test", False),
        ("花子@ok.test", "花子@ok.test".encode(), True),
        ("花子@花子の器.test", "花子@".encode() + b"xn--u9j465ivlddz3c.test", True),
    ],
)
def test_unusual_addresses_are_written_for_the_wire(address, wire, needs_utf8):
    result = mailbox(address)

    assert (result.address, result.needs_utf8) == (wire, needs_utf8)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "hanako",
        "@ok.test",
        "hanako@",
        "hanako@ok.test\r\nRCPT TO:<mika@books.test>",
        "hanako\n@ok.test",
        "hanako@ok\x00.test",
        "hanako@-ok.test",
        "hanako@ok..test",
        "hanako@ok test",
        "hanako@straße.test",
        "hanako@[127.0.0.1]",
        "=?utf-8?q?hanako?=@ok.test",
        "h" * 65 + "@ok.test",
        "hanako@" + "o" * 64 + ".test",
        "hanako@" + ".".join(["o" * 60] * 5),
    ],
)
def test_unusable_addresses_are_refused(address):
    with pytest.raises(UnusableAddressError):
        mailbox(address)


@given(st.text())
def test_no_address_breaks_out_of_its_command(address):
    try:
        wire = mailbox(address).address
    except UnusableAddressError:
        return

    assert not set(b"\r\n\x00") & set(wire)
    assert len(wire) <= 254


def test_a_sender_beyond_ascii_is_refused():
    with pytest.raises(UnusableAddressError):
        Assembler("花子 <花子@sellers.test>")


@given(opening=without_surrogates, html=pieces)
def test_an_opening_stands_in_front_of_the_page(opening, html):
    letter = EmailContent("注文", ("text",), html, "ja", opening)

    mail = assemble(letter)

    assert lines_of(body(parse(mail), "html")) == lines_of(opening) + lines_of("hanako@ok.test".join(html))
    assert max(map(len, mail.split(b"\r\n"))) <= 76


def test_one_more_header_names_the_delivery_only_where_the_relay_needs_it():
    assembler = Assembler("SellerHub <hub@sellers.test>", named_in="X-PM-Metadata-delivery")
    letter = EmailContent("x", ("text",), ("<p>html</p>",), "ja")
    with_it = assembler.address(
        assembler.seal(letter), delivery_id=DELIVERY_ID, to=mailbox("hanako@ok.test"), shown="hanako@ok.test"
    )

    assert parse(with_it)["X-PM-Metadata-delivery"] == str(DELIVERY_ID)
    assert b"X-PM" not in assemble(letter)
