"""Decode mail bodies and headers to text, whatever charset and encoding they declare."""

import base64
import binascii
import html
import quopri
import re
from email.errors import HeaderParseError
from email.header import decode_header

MAX_TEXT_LENGTH = 48 * 1024
"""Characters of one part that are examined."""
MAX_HEADER_LENGTH = 2000
_MAX_LINE_LENGTH = 2000

_TAG = re.compile(r"<(?:style|script)\b[^<]{0,20000}</|</?[a-zA-Z!][^<>]{0,2000}>", re.IGNORECASE)
_BREAK = re.compile(r"<(?:br|/?p|/?div|/?tr|/?li|/?h\d|/?table)\b[^<>]{0,500}>", re.IGNORECASE)
_HALF = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(r"[^\S\n]{2,}")
_ALIASES = {"x-unknown": "utf-8", "unknown-8bit": "utf-8", "ansi_x3.110-1983": "latin-1", "gb2312": "gb18030"}
_NO_CHARSETS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"})
"""Python codecs that no mail uses, slow or with surprising results."""
_JAPANESE_ESCAPE = (b"\x1b$", b"\x1b(")


def decode_body(body: bytes, *, encoding: str, charset: str) -> str:
    """Decode a part's body to text; whatever cannot be decoded is replaced."""
    body = body[: 3 * MAX_TEXT_LENGTH]
    if encoding == "base64":
        body = _from_base64(body)
    elif encoding == "quoted-printable":
        body = quopri.decodestring(body)
    text = to_text(body, charset)[:MAX_TEXT_LENGTH]
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line[:_MAX_LINE_LENGTH] for line in lines)


def _from_base64(body: bytes) -> bytes:
    """Decode base64, tolerating a missing end and foreign bytes."""
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", body)
    try:
        return base64.b64decode(letters[: len(letters) // 4 * 4])
    except binascii.Error:
        return body


def to_text(data: bytes, charset: str = "") -> str:
    """Decode by the declared charset when it fits, else by the first of the usual ones that does."""
    charset = _ALIASES.get(charset.lower(), charset.lower())
    charset = "" if charset.replace("-", "_") in _NO_CHARSETS else charset
    japanese = any(escape in data for escape in _JAPANESE_ESCAPE)
    for candidate in ("iso-2022-jp" if japanese else "", charset, "utf-8"):
        try:
            if candidate:
                return _storable(data.decode(candidate))
        except (LookupError, UnicodeError, ValueError):
            continue
    try:
        return _storable(data.decode(charset or "latin-1", "replace"))
    except (LookupError, UnicodeError, ValueError):
        return _storable(data.decode("latin-1"))


def _storable(text: str) -> str:
    """Remove what no database and no mail can store: NUL and lone surrogates."""
    if text.isascii() or not _HALF.search(text):
        return text.replace("\x00", "")
    return _HALF.sub("\ufffd", text).replace("\x00", "")


def decode_words(value: object) -> str:
    """Decode a header's encoded words (RFC 2047) to one line."""
    raw = str(value)[:MAX_HEADER_LENGTH].encode("utf-8", "replace")
    text = to_text(raw)
    if "=?" in text:
        try:
            pieces = decode_header(text)
        except (HeaderParseError, binascii.Error, ValueError):
            return text
        text = "".join(piece if isinstance(piece, str) else to_text(piece, charset or "") for piece, charset in pieces)
    return " ".join(text.split())


def from_html(text: str) -> str:
    """Return the readable text of an HTML body, with line breaks where a browser would show one."""
    text = _BREAK.sub("\n", text.replace("\n", " "))
    return _SPACES.sub(" ", html.unescape(_TAG.sub("", text)).replace("\xa0", " "))
