"""One SMTP or LMTP session of the bounce server: aiosmtpd, restricted to the commands that returned mail needs."""

import asyncio
import contextlib
import logging
import re
from typing import Any, Protocol

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from ..return_path import AttemptRef, ReturnPath

logger = logging.getLogger(__name__)

MAX_MAIL_BYTES = 1024 * 1024
IDLE_SECONDS = 60.0
"""Also the longest time that one mail may take to arrive."""
LINGER_SECONDS = 2.0
"""How long the rest of a mail that is too large is read and discarded, so that the client sees the reply."""
MAX_REFUSALS = 12
"""On one connection."""
STOPPING = "421 4.3.2 The server is being stopped"
LATER = "451 4.3.0 The mail cannot be kept just now, try again later"
_READ_BYTES = 64 * 1024
_DOT_LINE = b".\r\n"
_END = b"\r\n.\r\n"
_MAX_COMMAND_BYTES = {"*": 20, "MAIL": 200, "RCPT": 200, "DATA": 200, "RSET": 200}
"""Per connection; beyond these the client must open another one."""
_NO_WORDS = ("500", "501", "502")

_PATH = re.compile(r"<(?:@[^<>:]*:)?(.*)>\s*([^>]*)", re.DOTALL)


class Desk(Protocol):
    """The server's side of a session, which stores the mail."""

    return_path: ReturnPath
    is_stopping: bool

    def came(self, conversation: "Conversation") -> None: ...

    def went(self, conversation: "Conversation") -> None: ...

    async def take(self, left: AttemptRef, raw: bytes) -> str:
        """Store a mail, and return the SMTP reply."""


class ReturnedEnvelope(Envelope):
    """The envelope of the mail being received."""

    left: AttemptRef | None = None


class _Hooks:
    """Handlers that aiosmtpd calls by name."""

    def __init__(self, return_path: ReturnPath) -> None:
        self._return_path = return_path

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        # The last line offers HELP. Pipelined commands wait in a buffer until they are read one by one (RFC 2920).
        return [*responses[:-1], "250-PIPELINING", "250 ENHANCEDSTATUSCODES"]

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: ReturnedEnvelope, address: str, options: list[str]
    ) -> str:
        left = self._return_path.read(address)
        if left is None:
            return "550 5.1.1 No such mailbox here"
        if envelope.left is not None:
            return "452 4.5.3 One recipient a mail"
        envelope.left = left
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_exception(self, error: Exception) -> str:
        logger.error("A command could not be answered: %s.", type(error).__name__)
        return LATER


class Conversation(SMTP):
    """One connection of the bounce server."""

    line_length_limit = _READ_BYTES

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            _Hooks(desk.return_path),
            hostname=desk.return_path.domain,
            ident="SellerHub",
            data_size_limit=MAX_MAIL_BYTES,
            enable_SMTPUTF8=True,
            timeout=IDLE_SECONDS,
            auth_exclude_mechanism=("LOGIN", "PLAIN"),
            command_call_limit=_MAX_COMMAND_BYTES,
            loop=asyncio.get_running_loop(),
        )
        self.has_mail_in_hand = False
        self._desk = desk
        self._refusals = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._desk.came(self)

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self._desk.went(self)

    def hang_up(self, answer: str) -> None:
        """Send a last reply and close."""
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.write(f"{answer}\r\n".encode())
            self.transport.close()
            self.loop.call_later(LINGER_SECONDS, self.abort)  # a client that does not read would keep it open

    def abort(self) -> None:
        """Close at once."""
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()

    async def push(self, status: Any) -> None:
        """Send a reply, and disconnect a client after too many refusals."""
        await super().push(status)
        if status[0] == "5":
            # Mail servers never send unknown commands, so those count three times.
            self._refusals += 3 if status.startswith(_NO_WORDS) else 1
            if self._refusals >= MAX_REFUSALS:
                self.hang_up("421 4.7.0 Too much was refused")

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802
        """Receive a mail, and reply once it is stored. Stops reading a mail that is too large."""
        assert isinstance(self.envelope, ReturnedEnvelope)  # noqa: S101  (made below)
        if self.envelope.left is None:
            await self.push("503 5.5.1 Name a recipient first")
        elif arg:
            await self.push("501 5.5.4 DATA takes no argument")
        else:
            self.has_mail_in_hand = True
            try:
                await self._take_mail(self.envelope.left)
            finally:
                self.has_mail_in_hand = False
                self.envelope = self._create_envelope()
            if self._desk.is_stopping:
                self.hang_up(STOPPING)

    async def _take_mail(self, left: AttemptRef) -> None:
        await self.push("354 Go on, end with a line that is a dot")
        raw = bytearray(b"\r\n")  # so that a dot on the first line is found as well
        while not raw.endswith(_END):
            raw += await self._read_piece()
            if len(raw) > MAX_MAIL_BYTES + len(_END):
                await self.push("552 5.3.4 The mail is larger than this server takes")
                await self._throw_away_the_rest(raw[-len(_END) :])
                return
        del raw[-len(_DOT_LINE) :]
        # RFC 5321, 4.5.2: the client put a dot before each line that begins with one.
        mail = bytes(raw.replace(b"\r\n.", b"\r\n"))[2:]
        del raw
        await self.push(await self._desk.take(left, mail))

    async def _throw_away_the_rest(self, latest: bytearray) -> None:
        """Read to the end of the mail; disconnect a client that takes too long."""
        try:
            async with asyncio.timeout(LINGER_SECONDS):
                while latest != _END:
                    latest = (latest + await self._read_piece())[-len(_END) :]
        except TimeoutError:
            self.abort()

    async def _read_piece(self) -> bytes:
        """Read the next piece, no further than the end of the mail."""
        try:
            return await self._reader.readuntil(_DOT_LINE)
        except asyncio.LimitOverrunError as overrun:
            return await self._reader.read(overrun.consumed)

    def _create_envelope(self) -> Envelope:
        return ReturnedEnvelope()

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """Return the address and the parameters. aiosmtpd parses them as e-mail headers: slower, and stricter."""
        found = _PATH.fullmatch(arg)
        return (found[1] or "<>", found[2]) if found else (None, None)

    def _timeout_cb(self) -> None:
        self.hang_up("421 4.4.2 Too slow")

    async def _handle_client(self) -> None:
        with contextlib.suppress(ConnectionError):  # the client has disconnected, which is no error
            await super()._handle_client()


class LmtpConversation(Conversation, LMTP):
    """The same over LMTP. With one recipient per mail there is one reply to it."""
