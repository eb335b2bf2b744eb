"""The protocol of one SMTP session, without its socket: which command may be sent when, and what each reply means.

With PIPELINING (RFC 2920) the end of one mail and the whole envelope of the next are sent together, which takes one
round trip per mail instead of four. Every mail still gets exactly its own outcome.
"""

from base64 import b64encode
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple
from uuid import UUID

from notifications.channels import internal_reasons
from notifications.channels.base import Outcome, SendResult

from .replies import SERVICE_NOT_AVAILABLE, GarbledReplyError, Reply, ReplyReader
from .server import Security, Server

_START_MAIL_INPUT = 354
_AUTHENTICATION_CONTINUES = 334
_MESSAGE_TOO_BIG = 552

_OnReply = Callable[[Reply], None]


class ConnectionLostError(Exception):
    """The connection can no longer be used."""

    def __init__(self, detail: str, code: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail[:500]
        self.code = code


class Mail(NamedTuple):
    """One message to one recipient, encoded for SMTP."""

    delivery_id: UUID
    sender: bytes
    recipient: bytes
    content: bytes
    """Whole lines, each ended by CRLF."""
    needs_utf8: bool = False


class _Transaction:
    """A mail being sent."""

    __slots__ = ("mail", "refusal")

    def __init__(self, mail: Mail) -> None:
        self.mail = mail
        self.refusal: Outcome | None = None
        """Known before the replies to its envelope are complete, where commands are pipelined."""

    def outcome(self, reply: Reply, verdict: SendResult | None = None) -> Outcome:
        return Outcome(self.mail.delivery_id, verdict or reply.verdict, reply.text, reply.code)


class Conversation:
    """An SMTP session: pass received bytes to `receive`, send `outgoing`, and collect `outcomes`."""

    def __init__(self, server: Server, *, client_name: str) -> None:
        self.outgoing = bytearray()
        self.outcomes: list[Outcome] = []
        self.answers = 0
        """Number of replies received so far."""
        self.ready = False
        """Greeting, encryption and authentication are done: mails can begin."""
        self.wants_tls = False
        """Nothing may be written until the connection is encrypted and `secured()` was called."""
        self._server = server
        self._client_name = client_name.encode("ascii")
        self._reader = ReplyReader()
        self._awaited: deque[_OnReply] = deque([self._on_greeting])
        self._unsaid: deque[tuple[bytes, _OnReply]] = deque()
        self._encrypted = server.security is Security.TLS
        self._extensions: dict[str, str] = {}
        self._pipelining = False
        self._size_limit = 0
        self._envelope: _Transaction | None = None
        """Its sender and recipient are sent, its content is not."""
        self._content: _Transaction | None = None
        """Its content is sent, the reply has not arrived."""
        self._has_go_ahead = False
        """The server waits for the content of `_envelope`."""
        self._needs_reset = False

    @property
    def awaits_content(self) -> UUID | None:
        """Return the delivery whose content the server waits for; `say_content` sends it."""
        return self._envelope.mail.delivery_id if self._envelope is not None and self._has_go_ahead else None

    @property
    def can_begin(self) -> bool:
        return self.ready and self._envelope is None and (self._pipelining or not self._awaited)

    @property
    def is_waiting(self) -> bool:
        """Return whether the server has yet to reply."""
        return bool(self._awaited)

    @property
    def has_mail(self) -> bool:
        return self._envelope is not None or self._content is not None

    def begin(self, mail: Mail) -> None:
        """Send the envelope of a mail; only while `can_begin`."""
        parameters = b""
        if "SIZE" in self._extensions:
            if 0 < self._size_limit < len(mail.content):
                words = internal_reasons.TOO_LARGE % {"limit": self._size_limit}
                self.outcomes.append(Outcome(mail.delivery_id, SendResult.REFUSED, words))
                return
            parameters += b" SIZE=%d" % len(mail.content)
        if mail.needs_utf8:
            if "SMTPUTF8" not in self._extensions:
                self.outcomes.append(Outcome(mail.delivery_id, SendResult.REFUSED, internal_reasons.NO_SMTPUTF8))
                return
            parameters += b" SMTPUTF8"
        transaction = self._envelope = _Transaction(mail)
        if self._needs_reset:
            self._needs_reset = False
            self._say(b"RSET\r\n", _require_positive)
        self._say(b"MAIL FROM:<%b>%b\r\n" % (mail.sender, parameters), partial(self._on_sender, transaction))
        self._say(b"RCPT TO:<%b>\r\n" % mail.recipient, partial(self._on_recipient, transaction))
        self._say(b"DATA\r\n", partial(self._on_data, transaction))

    def say_content(self) -> None:
        """Send the content of a mail; only where `awaits_content`. From here on it may arrive."""
        if self._envelope is not None:
            transaction = self._content = self._envelope
            self._envelope, self._has_go_ahead = None, False
            self.outgoing += _stuff_dots(transaction.mail.content)
            self._say_now(b".\r\n", partial(self._on_content, transaction))

    def secured(self) -> None:
        """Continue after the TLS handshake that `wants_tls` requested."""
        self.wants_tls = False
        self._encrypted = True
        self._say_hello()

    def quit(self) -> None:
        """Send QUIT without waiting for the reply."""
        if self.ready and not self.has_mail:
            self.outgoing += b"QUIT\r\n"

    def lose(self, lost: ConnectionLostError) -> Iterator[Mail]:
        """Record the outcomes that a lost connection decides, and yield the mail whose content was never sent.

        A mail whose content was sent may have been accepted: it is unreachable, and a later attempt has the same
        Message-ID.
        """
        content, self._content = self._content, None
        envelope, self._envelope = self._envelope, None
        if content is not None:
            delivery_id = content.mail.delivery_id
            self.outcomes.append(Outcome(delivery_id, SendResult.UNREACHABLE, lost.detail, lost.code))
        if envelope is not None:
            if envelope.refusal is None:
                yield envelope.mail
            else:
                self.outcomes.append(envelope.refusal)

    def receive(self, data: bytes) -> None:
        """Process bytes from the server; raises ConnectionLostError when it closes the session or replies invalidly."""
        try:
            for reply in self._reader.feed(data):
                self.answers += 1
                if reply.code == SERVICE_NOT_AVAILABLE:
                    raise ConnectionLostError(reply.text, reply.code)
                if not self._awaited:
                    raise ConnectionLostError(internal_reasons.UNASKED % {"words": reply.text}, reply.code)
                self._awaited.popleft()(reply)
                if self._unsaid and not self._awaited:
                    self._say_now(*self._unsaid.popleft())
        except GarbledReplyError as error:
            raise ConnectionLostError(str(error)) from error

    def _say(self, command: bytes, on_reply: _OnReply) -> None:
        if self._pipelining or not (self._awaited or self._unsaid):
            self._say_now(command, on_reply)
        else:
            self._unsaid.append((command, on_reply))

    def _say_now(self, command: bytes, on_reply: _OnReply) -> None:
        self.outgoing += command
        self._awaited.append(on_reply)

    # Mail transactions

    def _on_sender(self, transaction: _Transaction, reply: Reply) -> None:
        if not reply.positive:
            # Concerns our sender, whoever the recipient is.
            about_this_mail = reply.code == _MESSAGE_TOO_BIG
            self._refuse(transaction, reply, None if about_this_mail else SendResult.UNREACHABLE)

    def _on_recipient(self, transaction: _Transaction, reply: Reply) -> None:
        if not reply.positive:
            self._refuse(transaction, reply)

    def _on_data(self, transaction: _Transaction, reply: Reply) -> None:
        refusal = transaction.refusal
        if reply.code == _START_MAIL_INPUT:
            if refusal is None:
                self._has_go_ahead = True
                return
            # RFC 2920, 3.1: the server accepted the pipelined DATA, and must get a mail without recipients.
            self._say_now(b".\r\n", _ignore)
        elif reply.code < 400:
            raise _out_of_place(reply)
        self._conclude_refused(refusal or transaction.outcome(reply))

    def _on_content(self, transaction: _Transaction, reply: Reply) -> None:
        if 300 <= reply.code < 400:
            raise _out_of_place(reply)
        self._content = None
        self.outcomes.append(transaction.outcome(reply))

    def _refuse(self, transaction: _Transaction, reply: Reply, verdict: SendResult | None = None) -> None:
        if reply.code < 400:
            raise _out_of_place(reply)
        if transaction.refusal is None:
            transaction.refusal = transaction.outcome(reply, verdict)
        if not self._pipelining:
            self._unsaid.clear()
            self._conclude_refused(transaction.refusal)

    def _conclude_refused(self, refusal: Outcome) -> None:
        self.outcomes.append(refusal)
        self._envelope = None
        self._needs_reset = True

    # Greeting, encryption and authentication

    def _on_greeting(self, reply: Reply) -> None:
        _require_positive(reply)
        self._say_hello()

    def _say_hello(self) -> None:
        self._say(b"EHLO %b\r\n" % self._client_name, self._on_hello)

    def _on_hello(self, reply: Reply) -> None:
        needs_extensions = self._server.user or self._server.security is Security.STARTTLS
        if not reply.positive and not needs_extensions:
            self._say(b"HELO %b\r\n" % self._client_name, self._on_last_greeting)
            return
        _require_positive(reply)
        words = (line.decode("ascii", "replace").upper().partition(" ") for line in reply.lines[1:])
        self._extensions = {keyword: parameters for keyword, _, parameters in words}
        if self._server.security is Security.STARTTLS and not self._encrypted:
            if "STARTTLS" not in self._extensions:
                raise ConnectionLostError(internal_reasons.NO_STARTTLS)
            self._say(b"STARTTLS\r\n", self._on_starttls)
            return
        size = self._extensions.get("SIZE", "")
        self._size_limit = int(size) if size.isdecimal() else 0
        if self._server.user:
            self._authenticate()
        else:
            self.ready = True
        self._pipelining = "PIPELINING" in self._extensions

    def _on_starttls(self, reply: Reply) -> None:
        _require_positive(reply)
        if not self._reader.is_empty:
            raise ConnectionLostError(internal_reasons.IN_THE_CLEAR)
        self.wants_tls = True

    def _authenticate(self) -> None:
        mechanisms = self._extensions.get("AUTH", "").split()
        user, password = self._server.user, self._server.password
        if "PLAIN" in mechanisms:
            secret = b64encode(f"\0{user}\0{password}".encode())
            self._say(b"AUTH PLAIN " + secret + b"\r\n", self._on_last_greeting)
        elif "LOGIN" in mechanisms:
            send_password = partial(self._on_asked, password, self._on_last_greeting)
            self._say(b"AUTH LOGIN\r\n", partial(self._on_asked, user, send_password))
        else:
            raise ConnectionLostError(internal_reasons.NO_SIGN_IN)

    def _on_asked(self, answer: str, then: _OnReply, reply: Reply) -> None:
        if reply.code != _AUTHENTICATION_CONTINUES:
            raise ConnectionLostError(reply.text, reply.code)
        self._say_now(b64encode(answer.encode()) + b"\r\n", then)

    def _on_last_greeting(self, reply: Reply) -> None:
        _require_positive(reply)
        self.ready = True


def _require_positive(reply: Reply) -> None:
    if not reply.positive:
        raise ConnectionLostError(reply.text, reply.code)


def _ignore(reply: Reply) -> None:
    """Ignore a reply that concerns no mail."""


def _out_of_place(reply: Reply) -> ConnectionLostError:
    return ConnectionLostError(internal_reasons.OUT_OF_PLACE % {"words": reply.text}, reply.code)


def _stuff_dots(content: bytes) -> bytes:
    """Double the dot at the start of a line (RFC 5321, 4.5.2)."""
    if content.find(b"\r\n.", 0, content.rfind(b".") + 1) >= 0:  # base64, most of a mail, holds no dot
        content = content.replace(b"\r\n.", b"\r\n..")
    return b"." + content if content.startswith(b".") else content
