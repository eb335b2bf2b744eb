"""The mails that arrived, by recipient: raw bytes in memory, bounded, the oldest dropped first."""

import itertools
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

MAX_MAILS = 50_000
MAX_BYTES = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Mail:
    """One message in one mailbox; a message to two recipients is two of them."""

    id: int
    to: str
    envelope_from: str
    raw: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class MailboxSummary:
    address: str
    count: int
    latest: Mail


class Mailboxes:
    """Written by the SMTP server's loop and read by the web server's threads."""

    def __init__(self, *, max_mails: int = MAX_MAILS, max_bytes: int = MAX_BYTES) -> None:
        self._max_mails = max_mails
        self._max_bytes = max_bytes
        self._bytes = 0
        self._ids = itertools.count(1)
        self._mails: dict[int, Mail] = {}
        self._by_address: dict[str, dict[int, Mail]] = {}
        self._lock = threading.Lock()

    def add(self, envelope_from: str, recipients: Iterable[str], raw: bytes) -> None:
        now = datetime.now(UTC)
        with self._lock:
            for to in recipients:
                mail = Mail(next(self._ids), to, envelope_from, raw, now)
                self._mails[mail.id] = mail
                self._by_address.setdefault(to.lower(), {})[mail.id] = mail
                self._bytes += len(raw)
            while len(self._mails) > self._max_mails or (self._bytes > self._max_bytes and len(self._mails) > 1):
                self._drop(next(iter(self._mails.values())))

    def get(self, mail_id: int) -> Mail | None:
        return self._mails.get(mail_id)

    def arrived(self, to: str | None = None) -> list[Mail]:
        """In the order of arrival; of one address, in whatever case it is written, or of all."""
        with self._lock:
            mails = self._mails if to is None else self._by_address.get(to.lower(), {})
            return [*mails.values()]

    def summaries(self) -> list[MailboxSummary]:
        """The mailbox that got the latest mail first."""
        with self._lock:
            found = [(len(mails), mails[next(reversed(mails))]) for mails in self._by_address.values()]
        found.sort(key=lambda pair: pair[1].id, reverse=True)
        return [MailboxSummary(latest.to, count, latest) for count, latest in found]

    def clear(self, to: str | None = None) -> int:
        """How many mails are gone."""
        gone = self.arrived(to)
        with self._lock:
            for mail in gone:
                if mail.id in self._mails:
                    self._drop(mail)
        return len(gone)

    def _drop(self, mail: Mail) -> None:
        del self._mails[mail.id]
        address = mail.to.lower()
        del self._by_address[address][mail.id]
        if not self._by_address[address]:
            del self._by_address[address]
        self._bytes -= len(mail.raw)
