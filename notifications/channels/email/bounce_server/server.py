"""Who listens, keeps and ends."""

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
"""How long the mails in hand may take when the server is to end."""


class Listener:
    """Takes returned mail until it is told to stop.

    `keep` stores a mail before it returns, False when it wants no more about that try; it may raise anything, and
    runs in threads. `ring` is called after some were kept.
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
        """Take mail at this listening socket until `stop`; the mails in hand come to their end."""
        logging.getLogger("mail.log").setLevel(logging.ERROR)  # below that it writes addresses
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
        """Take no more."""
        self._stopped.set()

    def came(self, conversation: Conversation) -> None:
        """A connection begins."""
        self._open.add(conversation)
        self._nobody_here.clear()

    def went(self, conversation: Conversation) -> None:
        """A connection has ended."""
        self._open.discard(conversation)
        if not self._open:
            self._nobody_here.set()

    async def take(self, left: AttemptRef, raw: bytes) -> str:
        """Keep a mail; returns the answer."""
        try:
            kept = await asyncio.to_thread(self._keep, left, raw)
        except Exception as error:  # whatever it is, the server that brought the mail still has it
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
        """Beside the conversations: a broker that hangs must not hold up the answers."""
        while True:
            await self._kept_some.wait()
            self._kept_some.clear()
            try:
                await asyncio.to_thread(self._ring)
            except Exception as error:  # the sweep finds the mail
                logger.error("Nobody could be woken: %s.", type(error).__name__)  # noqa: TRY400


class _Busy(asyncio.Protocol):
    """Sends away whoever is one too many."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)  # noqa: S101  (tells mypy what asyncio promises)
        transport.write(b"421 4.3.2 Too many connections, try again later\r\n")
        transport.close()
