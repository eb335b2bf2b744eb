"""The listener for returned mail with a shelf in memory behind it."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from unittest import mock
from uuid import UUID

from notifications.channels.email.bounce_server import Listener, server, session
from notifications.channels.email.return_path import AttemptRef, ReturnPath
from tests.waiting import LIMIT_SECONDS

PATHS = ReturnPath("bounce.hub.test", secret="a secret")
LEFT = AttemptRef(UUID(int=7), datetime(2026, 11, 1, tzinfo=UTC))
OURS = PATHS.address(LEFT).decode()
MAIL = b"Subject: Undelivered\r\n\r\nNobody here.\r\n..hidden dot\r\n"


class Shelf:
    """Keeps mail in memory."""

    def __init__(self) -> None:
        self.port = 0
        self.mails: list[tuple[AttemptRef, bytes]] = []
        self.answer: Callable[[], bool] = lambda: True
        self.rings = 0
        self.stop: Callable[[], None] = lambda: None

    def keep(self, left: AttemptRef, raw: bytes) -> bool:
        if self.answer():
            self.mails.append((left, raw))
            return True
        return False

    def ring(self) -> None:
        self.rings += 1


@contextlib.contextmanager
def running(*, lmtp: bool = False) -> Iterator[Shelf]:
    shelf, ready = Shelf(), threading.Event()

    async def serve() -> None:
        listener = Listener(PATHS, keep=shelf.keep, ring=shelf.ring, lmtp=lmtp)
        door = socket.create_server(("127.0.0.1", 0))
        shelf.port = door.getsockname()[1]
        loop = asyncio.get_running_loop()
        shelf.stop = lambda: loop.call_soon_threadsafe(listener.stop)
        loop.call_soon(ready.set)
        await listener.serve(door)

    thread = threading.Thread(target=asyncio.run, args=[serve()])
    with (
        mock.patch.object(session, "LINGER_SECONDS", LIMIT_SECONDS),
        # Nobody waits so long with no mail in hand: the thread would not end in time.
        mock.patch.object(server, "GENTLE_SECONDS", 10 * LIMIT_SECONDS),
    ):
        thread.start()
        assert ready.wait(LIMIT_SECONDS)
        yield shelf
        with contextlib.suppress(RuntimeError):
            shelf.stop()
        thread.join(2 * LIMIT_SECONDS)
    assert not thread.is_alive()
