"""Parts that several kinds of returned mail are made of."""

from email import message_from_bytes
from email.message import Message

from .choosing import Returned


def plain_part(kind: str, content: str) -> Message:
    """Some text under a content type of its own."""
    part = Message()
    part["Content-Type"] = kind
    part.set_payload(content)
    return part


def original(returned: Returned) -> Message:
    """The mail that comes back, without its body."""
    part = Message()
    part["Content-Type"] = "message/rfc822"
    part.attach(message_from_bytes(returned.head + b"\r\n\r\n"))
    return part


def original_headers(returned: Returned) -> Message:
    """The same as RFC 6522 has it."""
    headers = returned.head.decode("ascii", errors="replace").replace("\r\n", "\n")
    return plain_part("text/rfc822-headers", f"{headers}\n")
