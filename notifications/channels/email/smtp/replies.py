"""Replies of an SMTP server (RFC 5321, 4.2) and their meaning for a delivery."""

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
"""The server closes, is out of sequence or requires authentication: concerns our session, not a recipient."""


class GarbledReplyError(Exception):
    """The server does not speak SMTP."""


@dataclass(frozen=True, slots=True)
class Reply:
    code: int
    lines: tuple[bytes, ...]

    @property
    def positive(self) -> bool:
        return 200 <= self.code < 300

    @property
    def text(self) -> str:
        """Return the reply's text in one line, without the code."""
        words = b" ".join(self.lines).decode("utf-8", "replace")
        return _UNPRINTABLE.sub(" ", words).strip()[:_MAX_DETAIL_LENGTH]

    @property
    def verdict(self) -> SendResult:
        """Return the meaning of a reply to RCPT, DATA or the content."""
        if self.positive:
            return SendResult.ACCEPTED
        if self.code in _ABOUT_US:
            return SendResult.UNREACHABLE
        return SendResult.REFUSED if self.code >= 500 else SendResult.DEFERRED


class ReplyReader:
    """Splits received bytes into replies."""

    def __init__(self) -> None:
        self._rest = b""
        self._lines: list[bytes] = []
        self._size = 0

    @property
    def is_empty(self) -> bool:
        return not self._rest and not self._lines

    def feed(self, data: bytes) -> Iterator[Reply]:
        """Yield the replies that are complete; raises GarbledReplyError."""
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


@lru_cache(maxsize=64)  # a server repeats the same few lines
def _read_line(line: bytes) -> tuple[Reply, bool]:
    """Parse a line as a reply, and return whether it is the last line of one; raises GarbledReplyError."""
    code = line[:3]
    mark = line[3:4]
    if not code.isdigit() or not 200 <= int(code) < 600 or mark not in b" -\r":
        raise GarbledReplyError(internal_reasons.NOT_SMTP)
    return Reply(int(code), (line[4:].rstrip(),)), mark != b"-"
