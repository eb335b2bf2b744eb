"""A raw message made readable; done when somebody looks, never when it arrives."""

import email
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.message import Message

from devtools.sandbox.mail.mailboxes import Mail


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content_type: str
    size: int


@dataclass(frozen=True, slots=True)
class ReadMail:
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    attachments: tuple[Attachment, ...]

    def header(self, name: str) -> str:
        """All values of that name, a line each; empty when there is none."""
        return "\n".join(value for key, value in self.headers if key.lower() == name.lower())


def read(mail: Mail) -> ReadMail:
    message = email.message_from_bytes(mail.raw)
    text: list[str] = []
    html: list[str] = []
    attachments: list[Attachment] = []
    for part in message.walk():
        if part.is_multipart():
            continue
        kind = part.get_content_type()
        if part.get_content_disposition() != "attachment" and kind in ("text/plain", "text/html"):
            (html if kind == "text/html" else text).append(_content(part))
        else:
            size = len(part.get_payload(decode=True) or b"")
            attachments.append(Attachment(_decoded(part.get_filename() or "unnamed"), kind, size))
    return ReadMail(
        headers=tuple((name, _decoded(str(value))) for name, value in message.items()),
        text="\n".join(text),
        html="\n".join(html),
        attachments=tuple(attachments),
    )


def subject(mail: Mail) -> str:
    """Only the subject, without reading the body: for lists."""
    head = mail.raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    return _decoded(str(email.message_from_bytes(head).get("Subject", "")))


def as_json(mail: Mail) -> dict[str, object]:
    found = read(mail)
    return {
        "to": mail.to,
        "from": found.header("From"),
        "envelope_from": mail.envelope_from,
        "subject": found.header("Subject"),
        "headers": {name: found.header(name) for name, _ in found.headers},
        "text": found.text,
        "html": found.html,
        "received_at": mail.received_at.isoformat(),
    }


def _content(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        return content.decode(part.get_content_charset("utf-8"), errors="replace")
    except LookupError:
        return content.decode("utf-8", errors="replace")


def _decoded(value: str) -> str:
    unfolded = value.replace("\r\n", "").replace("\n", "")
    raw = unfolded.encode("ascii", errors="surrogateescape").decode("utf-8", errors="replace")
    try:
        return str(make_header(decode_header(raw)))
    except (LookupError, ValueError):
        return raw
