"""Reports about delivery (RFC 3464) in the shapes of servers that are met often."""

from collections.abc import Callable
from email.charset import Charset
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import formatdate

from .choosing import Kind, Returned, Shape
from .parts import original, original_headers

# Status, and what the server said, by kind.
_SAID: dict[Shape, dict[Kind, tuple[str, str]]] = {
    Shape.POSTFIX: {
        Kind.FULL: ("5.2.2", "552 5.2.2 <{to}>: mailbox full, over quota"),
        Kind.UNKNOWN: ("5.1.1", "550 5.1.1 <{to}>: Recipient address rejected: user unknown"),
        Kind.BLOCKED: ("5.7.1", "554 5.7.1 Service unavailable; client host [192.0.2.25] blocked by a spam list"),
        Kind.DELAYED: ("4.2.2", "452 4.2.2 <{to}>: mailbox full, try again later"),
    },
    Shape.EXCHANGE: {
        Kind.FULL: ("5.2.2", "554 5.2.2 mailbox full; STOREDRV.Deliver; the quota of the mailbox is exceeded"),
        Kind.UNKNOWN: ("5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; recipient {to} not found"),
        Kind.BLOCKED: ("5.7.1", "550 5.7.1 TRANSPORT.RULES.RejectMessage; the message was rejected by policy"),
        Kind.DELAYED: ("4.4.7", "400 4.4.7 The message is delayed"),
    },
    Shape.GMAIL: {
        Kind.FULL: (
            "5.2.2",
            "552-5.2.2 The recipient's inbox is out of storage space.\n"
            " 552 5.2.2 Ask them to make room. sandbox - gsmtp",
        ),
        Kind.UNKNOWN: (
            "5.1.1",
            "550-5.1.1 The email account that you tried to reach does not exist.\n"
            " 550 5.1.1 Look for typing mistakes. sandbox - gsmtp",
        ),
        Kind.BLOCKED: (
            "5.7.1",
            "550-5.7.1 Our system has detected that this message is likely unsolicited mail.\n"
            " 550 5.7.1 It has been blocked. sandbox - gsmtp",
        ),
        Kind.DELAYED: ("4.2.2", "452 4.2.2 The recipient's inbox is out of storage space. sandbox - gsmtp"),
    },
    Shape.DOCOMO: {
        Kind.FULL: ("5.2.2", "552 5.2.2 Mailbox full: {to}"),
        Kind.UNKNOWN: ("5.1.1", "550 5.1.1 {to}: user unknown"),
        # So docomo words it when the person's own filter refuses the mail.
        Kind.BLOCKED: ("5.0.0", "550 Unknown user {to}"),
        Kind.DELAYED: ("4.2.2", "452 4.2.2 Mailbox full: {to}"),
    },
}
_WHAT = {
    Kind.FULL: "the mailbox is full",
    Kind.UNKNOWN: "there is no such user",
    Kind.BLOCKED: "the mail was refused",
    Kind.DELAYED: "it could not be delivered yet and is still being tried",
}
_WHAT_IN_JAPANESE = {
    Kind.FULL: "宛先のメールボックスがいっぱいです。",
    Kind.UNKNOWN: "宛先のメールアドレスが見つかりません。",
    Kind.BLOCKED: "宛先のサーバーがメールの受信を拒否しました。",
    Kind.DELAYED: "メールはまだ届いていません。引き続き送信を試みます。",
}


def report(returned: Returned) -> Message:
    """The whole mail."""
    status, said = _SAID[returned.shape][returned.kind]
    return _SHAPES[returned.shape](returned, status, said.format(to=returned.recipient))


def _postfix(returned: Returned, status: str, said: str) -> Message:
    host = f"mx.{_domain(returned)}"
    late = returned.kind is Kind.DELAYED
    subject = "Delayed Mail (still being retried)" if late else "Undelivered Mail Returned to Sender"
    mail = _begin(returned, f"MAILER-DAEMON@{host} (Mail Delivery System)", subject)
    mail.attach(
        _text(
            f"This is the mail system at host {host}.\n\n"
            f"Your mail to the address below {_outcome(returned)}.\n\n"
            f"<{returned.recipient}>: host {host}[192.0.2.1] said:\n    {said}\n"
        )
    )
    about_mail = {"Reporting-MTA": f"dns; {host}", "X-Postfix-Queue-ID": "4SANDBOX7", "Arrival-Date": formatdate()}
    fields = _fields(returned, status, f"smtp; {said}", {"Remote-MTA": f"dns; {host}"})
    mail.attach(_status_part(about_mail, fields))
    mail.attach(original_headers(returned))
    return mail


def _exchange(returned: Returned, status: str, said: str) -> Message:
    late = returned.kind is Kind.DELAYED
    subject = f"{'Delivery delayed' if late else 'Undeliverable'}: {_subject(returned)}"
    mail = _begin(returned, f"Microsoft Outlook <postmaster@{_domain(returned)}>", subject)
    words = f"Your message to {returned.recipient} {_outcome(returned)}.\n\nFor administrators:\n\n{said}\n"
    both = MIMEMultipart("alternative")
    both.attach(_text(words))
    both.attach(_text(f"<html><body><p>{words.replace(chr(10), '<br>')}</p></body></html>", "html"))
    mail.attach(both)
    about_mail = {"Reporting-MTA": f"dns;mail.{_domain(returned)}", "Received-From-MTA": "dns;mail.sender.example"}
    fields = _fields(returned, status, f"smtp;{said}", {"X-Display-Name": returned.recipient})
    mail.attach(_status_part(about_mail, fields))
    mail.attach(original_headers(returned))
    return mail


def _gmail(returned: Returned, status: str, said: str) -> Message:
    late = returned.kind is Kind.DELAYED
    subject = f"Delivery Status Notification ({'Delay' if late else 'Failure'})"
    mail = _begin(returned, "Mail Delivery Subsystem <mailer-daemon@googlemail.com>", subject)
    if not late:
        mail["X-Failed-Recipients"] = returned.recipient
    words = f"** Your message {_outcome(returned)} **\n\nIt was for {returned.recipient}.\n\nAnswer:\n{said}\n"
    related = MIMEMultipart("related")
    related.attach(_text(words))
    related.attach(_text(f"<html><body><p>{words.replace(chr(10), '<br>')}</p></body></html>", "html"))
    mail.attach(related)
    about_mail = {"Reporting-MTA": "dns; googlemail.com", "Arrival-Date": formatdate()}
    fields = _fields(
        returned,
        status,
        f"smtp; {said}",
        {"Remote-MTA": "dns; gmail-smtp-in.l.google.com", "Last-Attempt-Date": formatdate()},
    )
    mail.attach(_status_part(about_mail, fields))
    mail.attach(original(returned))
    return mail


def _docomo(returned: Returned, status: str, said: str) -> Message:
    late = returned.kind is Kind.DELAYED
    host = f"mfsmax.{_domain(returned)}"
    subject = "Warning: Delayed Mail" if late else "Mail System Error - Returned Mail"
    mail = _begin(returned, f"Mail Administrator <postmaster@{_domain(returned)}>", subject)
    words = f"{_WHAT_IN_JAPANESE[returned.kind]}\n\n{returned.recipient}\n{said}\n"
    mail.attach(_text(words, charset="iso-2022-jp"))
    fields = _fields(returned, status, f"smtp; {said}", {"Remote-MTA": f"dns; {host}"})
    mail.attach(_status_part({"Reporting-MTA": f"dns; {host}"}, fields))
    mail.attach(original_headers(returned))
    return mail


_SHAPES: dict[Shape, Callable[[Returned, str, str], Message]] = {
    Shape.POSTFIX: _postfix,
    Shape.EXCHANGE: _exchange,
    Shape.GMAIL: _gmail,
    Shape.DOCOMO: _docomo,
}


def _begin(returned: Returned, sender: str, subject: str) -> MIMEMultipart:
    mail = MIMEMultipart("report", report_type="delivery-status")
    mail["From"] = sender
    mail["To"] = returned.envelope_sender
    mail["Subject"] = subject
    mail["Date"] = formatdate()
    mail["Auto-Submitted"] = "auto-replied"
    return mail


def _outcome(returned: Returned) -> str:
    verb = "is delayed" if returned.kind is Kind.DELAYED else "could not be delivered"
    return f"{verb}: {_WHAT[returned.kind]}"


def _text(words: str, subtype: str = "plain", *, charset: str = "utf-8") -> MIMEText:
    part = MIMEText("", subtype)
    del part["Content-Transfer-Encoding"]
    part.set_payload(words, Charset(charset))
    return part


def _fields(returned: Returned, status: str, diagnostic: str, more: dict[str, str]) -> dict[str, str]:
    return {
        "Original-Recipient": f"rfc822;{returned.recipient}",
        "Final-Recipient": f"rfc822; {returned.recipient}",
        "Action": "delayed" if returned.kind is Kind.DELAYED else "failed",
        "Status": status,
        **more,
        "Diagnostic-Code": diagnostic,
    }


def _status_part(*blocks: dict[str, str]) -> Message:
    """About the mail, then about its recipient."""
    part = Message()
    part["Content-Type"] = "message/delivery-status"
    for block in blocks:
        fields = Message()
        for name, value in block.items():
            fields[name] = value
        part.attach(fields)
    return part


def _domain(returned: Returned) -> str:
    return returned.recipient.rpartition("@")[2].lower()


def _subject(returned: Returned) -> str:
    for line in returned.head.decode("ascii", errors="replace").splitlines():
        if line.lower().startswith("subject:"):
            return line[8:].strip()
    return ""
