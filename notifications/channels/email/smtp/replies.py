"""What an SMTP server says (RFC 5321, 4.2) and what it means for a delivery."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from notifications.channels import internal_reasons
from notifications.channels.base import SendResult

_MAX_DETAIL_LENGTH = 500
_MAX_REPLY_LENGTH = 64 * 1024
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\s]+")

SERVICE_NOT_AVAILABLE = 421
_ABOUT_US = frozenset({SERVICE_NOT_AVAILABLE, 503, 530, 534, 535, 538})
"""The server closes, has lost the order of commands or wants us to sign in: said of us, not of a recipient."""


class GarbledReplyError(Exception):
    """The other side does not speak SMTP."""


@dataclass(frozen=True, slots=True)
class Reply:
    code: int
    lines: tuple[bytes, ...]

    @property
    def positive(self) -> bool:
        return 200 <= self.code < 300

    @property
    def text(self) -> str:
        """The server's words in one line, without the code."""
        words = b" ".join(self.lines).decode("utf-8", "replace")
        return _UNPRINTABLE.sub(" ", words).strip()[:_MAX_DETAIL_LENGTH]

    @property
    def verdict(self) -> SendResult:
        """The meaning of an answer to RCPT, DATA or the mail itself."""
        if self.positive:
            return SendResult.ACCEPTED
        if self.code in _ABOUT_US:
            return SendResult.UNREACHABLE
        return SendResult.REFUSED if self.code >= 500 else SendResult.DEFERRED


class ReplyReader:
    """Cuts the bytes that arrive into replies."""

    def __init__(self) -> None:
        self._rest = b""
        self._lines: list[bytes] = []
        self._size = 0

    @property
    def is_empty(self) -> bool:
        return not self._rest and not self._lines

    def feed(self, data: bytes) -> Iterator[Reply]:
        """Yield the replies that are complete now; raises GarbledReplyError."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            reply, is_last = _read_line(line)
            if not is_last:
                self._lines += reply.lines
                self._size += len(line)
                continue
            if self._lines:
                reply = Reply(reply.code, (*self._lines, *reply.lines))
                self._lines.clear()
                self._size = 0
            yield reply
        if self._size + len(self._rest) > _MAX_REPLY_LENGTH:
            raise GarbledReplyError(internal_reasons.ENDLESS)


@lru_cache(maxsize=64)  # a server says the same few lines again and again
def _read_line(line: bytes) -> tuple[Reply, bool]:
    """A line as a reply of its own, and whether it is the last of its reply; raises GarbledReplyError."""
    code = line[:3]
    mark = line[3:4]
    if not code.isdigit() or not 200 <= int(code) < 600 or mark not in b" -\r":
        raise GarbledReplyError(internal_reasons.NOT_SMTP)
    return Reply(int(code), (line[4:].rstrip(),)), mark != b"-"
