"""The listener of the bounce server: accepts connections, stores returned mail and shuts down."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from socket import socket

from ..return_path import AttemptRef, ReturnPath
from .session import LATER, STOPPING, Conversation, LmtpConversation

logger = logging.getLogger(__name__)

MAX_CONNECTIONS = 100
GENTLE_SECONDS = 10.0
"""How long mail being received may take to finish on shutdown."""


class Listener:
    """Receives returned mail until `stop` is called.

    `keep` stores a mail before it returns, and returns False when that attempt has had enough returned mail; it may
    raise anything, and runs in threads. `ring` is called after some were stored, to enqueue the task that parses them.
    """

    def __init__(
        self,
        return_path: ReturnPath,
        *,
        keep: Callable[[AttemptRef, bytes], bool],
        ring: Callable[[], None],
        lmtp: bool = False,
    ) -> None:
        self.return_path = return_path
        self._open: set[Conversation] = set()
        self.is_stopping = False
        self._keep = keep
        self._ring = ring
        self._conversation = LmtpConversation if lmtp else Conversation
        self._stopped = asyncio.Event()
        self._kept_some = asyncio.Event()
        self._nobody_here = asyncio.Event()
        self._nobody_here.set()

    async def serve(self, listener: socket) -> None:
        """Accept mail at this listening socket until `stop`; mail being received is finished first."""
        logging.getLogger("mail.log").setLevel(logging.ERROR)  # below that it logs addresses
        loop = asyncio.get_running_loop()
        server = await loop.create_server(self._answer, sock=listener)
        ringing = loop.create_task(self._ring_again_and_again())
        try:
            await self._stopped.wait()
            self.is_stopping = True
            server.close()
            await self._end_conversations()
        finally:
            ringing.cancel()

    def stop(self) -> None:
        """Stop accepting mail."""
        self._stopped.set()

    def came(self, conversation: Conversation) -> None:
        """Register a new connection."""
        self._open.add(conversation)
        self._nobody_here.clear()

    def went(self, conversation: Conversation) -> None:
        """Remove a connection that has ended."""
        self._open.discard(conversation)
        if not self._open:
            self._nobody_here.set()

    async def take(self, left: AttemptRef, raw: bytes) -> str:
        """Store a mail; returns the SMTP reply."""
        try:
            kept = await asyncio.to_thread(self._keep, left, raw)
        except Exception as error:  # whatever it is, the sending server still has the mail
            logger.error("Returned mail cannot be kept: %s.", type(error).__name__)  # noqa: TRY400
            return LATER
        if not kept:
            return "552 5.2.2 Enough has come back about that mail"
        self._kept_some.set()
        return "250 2.0.0 Kept"

    def _answer(self) -> asyncio.Protocol:
        return _Busy() if len(self._open) >= MAX_CONNECTIONS else self._conversation(self)

    async def _end_conversations(self) -> None:
        for conversation in [*self._open]:
            if not conversation.has_mail_in_hand:
                conversation.hang_up(STOPPING)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GENTLE_SECONDS):
                await self._nobody_here.wait()
        for conversation in [*self._open]:
            conversation.abort()

    async def _ring_again_and_again(self) -> None:
        """Runs beside the connections: a broker that hangs must not delay the replies."""
        while True:
            await self._kept_some.wait()
            self._kept_some.clear()
            try:
                await asyncio.to_thread(self._ring)
            except Exception as error:  # the periodic task finds the mail
                logger.error("Nobody could be woken: %s.", type(error).__name__)  # noqa: TRY400


class _Busy(asyncio.Protocol):
    """Rejects connections above the limit."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)  # noqa: S101  (tells mypy what asyncio promises)
        transport.write(b"421 4.3.2 Too many connections, try again later\r\n")
        transport.close()
