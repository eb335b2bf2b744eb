"""Split a returned mail into its parts within fixed bounds, so that a hostile one costs no more than a large one.

The standard library's parser reads the headers only. It is not given the body: it descends into nested parts without
limit, and builds an object of every part before they can be counted.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.parser import HeaderParser

from .decoding import decode_body, decode_words, from_html, to_text

MAX_BYTES = 512 * 1024
"""Bytes of a mail that are examined. Reports come before the mail they return."""
DEEPEST = 8
MAX_PARTS = 64
_MAX_EXPLANATION_LENGTH = 24 * 1024
_MAX_HEAD_BYTES = 24 * 1024
_MAX_ALL_HEADS_BYTES = 160 * 1024
_QUOTED = ("message/rfc822", "message/global", "message/partial", "text/rfc822-headers", "message/rfc822-headers")


@dataclass(slots=True)
class Part:
    """A part of the mail that has no parts of its own."""

    head: Message
    body: bytes
    kind: str
    """The content type in lower case."""
    inside_quoted: bool
    """Belongs to the original message, not to what the server says about it."""
    _text: str | None = field(default=None, repr=False)

    @property
    def text(self) -> str:
        """Return the decoded text; that of HTML without its tags."""
        if self._text is None:
            encoding = str(self.head.get("Content-Transfer-Encoding", "")).strip().lower()
            self._text = decode_body(self.body, encoding=encoding, charset=_parameter(self.head, "charset"))
            if self.kind == "text/html":
                self._text = from_html(self._text)
        return self._text


@dataclass(slots=True)
class ParsedEmail:
    """A mail's headers and its parts in their order."""

    head: Message
    parts: list[Part]
    kind: str
    report_type: str

    def value(self, name: str) -> str:
        """Return a header's decoded value; empty when it is missing."""
        return decode_words(self.head.get(name, ""))

    def values(self, name: str) -> list[str]:
        """Return the decoded values of a header that may occur more than once."""
        return [decode_words(value) for value in self.head.get_all(name, [])[:20]]

    def own(self, *kinds: str) -> list[Part]:
        """Return the parts of these content types that do not belong to the original message."""
        return [part for part in self.parts if part.kind in kinds and not part.inside_quoted]

    @property
    def explanation(self) -> str:
        """Return the text written for people: the plain text, else the text of the HTML."""
        parts = self._said_first("text/plain") or self._said_first("text/html") or self.own("text/plain")
        return "\n\n".join(part.text for part in parts)[:_MAX_EXPLANATION_LENGTH]

    def _said_first(self, kind: str) -> list[Part]:
        """Return the parts before the report and the original message: later ones may be the original's own text."""
        end = next((place for place, part in enumerate(self.parts) if part.kind.startswith("message/")), None)
        return [part for part in self.parts[:end] if part.kind == kind and part.text.strip()]

    @property
    def returned(self) -> list[Part]:
        """Return the original message, or its headers."""
        return [part for part in self.parts if part.kind in _QUOTED]


_UNINDENTED = re.compile(rb";\n(?=(?:boundary|charset|report-type)=)", re.IGNORECASE)
"""A parameter on a line of its own that is not indented as it should be."""


def read(raw: bytes) -> ParsedEmail:
    """Split a mail into its parts; never raises, whatever the bytes are."""
    data = raw[:MAX_BYTES].replace(b"\r\n", b"\n").replace(b"\r", b"\n").lstrip(b"\n")
    head, body, kind = _open(data)
    letter = ParsedEmail(head, [], kind, _parameter(head, "report-type").lower())
    letter.parts.extend(_leaves(head, body, kind))
    return letter


def _leaves(head: Message, body: bytes, kind: str) -> Iterator[Part]:
    """Yield parts depth first with a list instead of recursion; what exceeds the bounds is left out."""
    waiting = [(head, body, kind, 0, False)]
    found = 0
    head_bytes = 0
    while waiting and found < MAX_PARTS:
        head, body, kind, depth, quoted = waiting.pop()
        boundary = _parameter(head, "boundary")
        if kind.startswith("multipart/") and boundary and depth < DEEPEST:
            pieces = _split(body, boundary)
            inner = []
            for piece in pieces[:MAX_PARTS]:
                if head_bytes > _MAX_ALL_HEADS_BYTES:
                    break
                part_head, part_body, part_kind = _open(piece)
                head_bytes += len(piece) - len(part_body)
                inner.append((part_head, part_body, part_kind, depth + 1, quoted))
            waiting.extend(reversed(inner))
            if pieces:
                continue
        if kind.startswith("multipart/"):
            kind = "text/plain"  # nested too deep, or a boundary that never occurs
        found += 1
        yield Part(head, body, kind, quoted or kind in _QUOTED)


def _open(data: bytes) -> tuple[Message, bytes, str]:
    """Return the headers, body and content type of a mail or a part."""
    head, blank, body = (b"", b"\n", data[1:]) if data.startswith(b"\n") else data.partition(b"\n\n")
    if len(head) > _MAX_HEAD_BYTES:
        head = head[:_MAX_HEAD_BYTES]
    if not blank and b":" not in head.split(b"\n", 1)[0]:
        head, body = b"", data  # no headers at all
    head = _UNINDENTED.sub(b"; ", head)
    message = HeaderParser().parsestr(to_text(head) + "\n\n")
    if rest := str(message.get_payload()):  # a line that is no header ends the headers early
        body = rest.encode("utf-8", "replace") + body
    return message, body, _content_type(message)


def _content_type(head: Message) -> str:
    value = re.split(r"[;\s]", str(head.get("Content-Type", "")).strip().lower()[:200], maxsplit=1)[0]
    return value if "/" in value else "text/plain"


_PARAMETER = {
    name: re.compile(
        rf"(?:^|[;\s]){name}\s{{0,5}}=\s{{0,5}}(?:\"([^\"]{{1,200}})\"|([^\s;\"]{{1,200}}))", re.IGNORECASE
    )
    for name in ("boundary", "charset", "report-type")
}


def _parameter(head: Message, name: str) -> str:
    """Parsed by hand: the standard library takes quadratic time over a long list of parameters."""
    found = _PARAMETER[name].search(str(head.get("Content-Type", ""))[:2000])
    return (found[1] or found[2]).strip() if found else ""


def _split(body: bytes, boundary: str) -> list[bytes]:
    """Return the pieces between the boundary lines; empty when the boundary never occurs."""
    mark = b"--" + boundary.encode("utf-8", "replace")
    pieces = (b"\n" + body).split(b"\n" + mark, MAX_PARTS + 1)
    inside = []
    for piece in pieces[1:]:
        rest, _, content = piece.partition(b"\n")
        if rest.startswith(b"--"):
            break
        if not rest.strip():
            inside.append(content)
        elif inside:  # a longer boundary with the same beginning
            inside[-1] += b"\n" + mark + piece
    return inside
