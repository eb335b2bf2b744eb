"""Send mails over a few SMTP connections at once, in one thread; slow answers on one do not stop the others."""

import selectors
import socket
import ssl
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from uuid import UUID

from notifications.channels import internal_reasons
from notifications.channels.base import Outcome, SendResult

from .connection import Connection
from .server import Server
from .session import ConnectionLostError, Conversation, Mail

_TICK_SECONDS = 0.1
_PATIENCE_SECONDS = (_TICK_SECONDS, 0.0, 0.005)
"""How long to wait for the servers: while no mail is held back, when one is, and when it is once more."""
_IDLE_SECONDS = 10.0
_PAUSE_AFTER_TROUBLE_SECONDS = 30.0


class _Queue:
    """The mails of one call of `send`: those given back first."""

    def __init__(self, mails: Iterable[Mail]) -> None:
        self.waiting: deque[Mail] = deque()
        self._mails = iter(mails)
        self._given_back: set[UUID] = set()
        self._ended = False

    def take(self) -> Mail | None:
        if not self.waiting and not self.take_one_more():
            return None
        return self.waiting.popleft()

    def take_one_more(self) -> bool:
        """Take a new mail from the caller, without beginning it."""
        if self._ended:
            return False
        mail = next(self._mails, None)
        if mail is None:
            self._ended = True
            return False
        self.waiting.append(mail)
        return True

    def give_back(self, mail: Mail) -> bool:
        """Take a mail back whose connection was lost before its content was said; once."""
        if mail.delivery_id in self._given_back:
            return False
        self._given_back.add(mail.delivery_id)
        self.waiting.append(mail)
        return True

    def end(self) -> None:
        self._ended = True


class SmtpSender:
    """Keeps up to `connections` connections to one server, opened when needed and kept between calls."""

    def __init__(
        self,
        server: Server,
        *,
        connections: int,
        timeout: float,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._server = server
        self._limit = connections
        self._timeout = timeout
        self._tls = tls or ssl.create_default_context()
        self._selector = selectors.DefaultSelector()
        self._connections: list[Connection] = []
        self._trouble_until = 0.0
        self._next_check = 0.0

    def send(self, mails: Iterable[Mail], *, reserve: Callable[[UUID], bool]) -> Iterator[list[Outcome]]:
        """See `Channel.send`."""
        queue = _Queue(mails)
        outcomes: list[Outcome] = []
        held_back = 0
        self._drop_idle()
        try:
            while True:
                held_back = held_back + 1 if self._holds_back(reserve) else 0
                self._begin(queue, outcomes)
                self._flush(queue, outcomes)
                if not (outcomes or self._is_busy or queue.waiting or queue.take_one_more()):
                    return
                yield outcomes
                outcomes = []
                if self._is_busy or queue.waiting:
                    self._turn(queue, outcomes, _PATIENCE_SECONDS[min(held_back, 2)])
        finally:
            for connection in [c for c in self._connections if c.conversation.has_mail]:
                self._drop(connection)

    @property
    def _is_busy(self) -> bool:
        return any(c.conversation.has_mail for c in self._connections)

    def close(self) -> None:
        """Give up all connections."""
        while self._connections:
            self._drop(self._connections[0])

    def _holds_back(self, reserve: Callable[[UUID], bool]) -> bool:
        """Say the contents that servers wait for; true when one must not be handed over yet."""
        for connection in self._connections:
            delivery_id = connection.conversation.awaits_content
            if delivery_id is not None:
                if not reserve(delivery_id):
                    return True
                connection.say_content()
        return False

    def _begin(self, queue: _Queue, outcomes: list[Outcome]) -> None:
        """Give the next mails to whoever is free, and open connections while there is more."""
        for connection in list(self._connections):
            while connection.conversation.can_begin:
                mail = queue.take()
                if mail is None:
                    return
                connection.begin(mail)
        opening = sum(not c.conversation.ready for c in self._connections)
        limit = 1 if time.monotonic() < self._trouble_until else self._limit
        while len(self._connections) < limit:
            if len(queue.waiting) <= opening and not queue.take_one_more():
                return
            try:
                self._connections.append(self._open())
            except ConnectionLostError as lost:
                outcomes += self._fail_to_open(lost, queue)
                return
            opening += 1

    def _flush(self, queue: _Queue, outcomes: list[Outcome]) -> None:
        """Write once for each connection: the end of one mail and the envelope of the next in one piece."""
        for connection in list(self._connections):
            if connection.conversation.outgoing:
                self._go_on(connection, Connection.write, queue, outcomes)
            outcomes += _taken_outcomes(connection)

    def _turn(self, queue: _Queue, outcomes: list[Outcome], seconds: float) -> None:
        """Wait for the servers, so long at most, and take in what they say."""
        for key, _ in self._selector.select(seconds):
            self._go_on(key.data, Connection.proceed, queue, outcomes)
        now = time.monotonic()
        if now >= self._next_check:
            self._next_check = now + _TICK_SECONDS
            for connection in [c for c in self._connections if c.is_overdue]:
                self._go_on(connection, Connection.expire, queue, outcomes)

    def _go_on(
        self,
        connection: Connection,
        step: Callable[[Connection], None],
        queue: _Queue,
        outcomes: list[Outcome],
    ) -> None:
        was_ready = connection.conversation.ready
        try:
            step(connection)
        except ConnectionLostError as lost:
            self._lose(connection, lost, queue)
            if not was_ready and not connection.conversation.ready:
                outcomes += self._fail_to_open(lost, queue)
        outcomes += _taken_outcomes(connection)

    def _lose(self, connection: Connection, lost: ConnectionLostError, queue: _Queue) -> None:
        for mail in connection.conversation.lose(lost):
            if not queue.give_back(mail):
                connection.conversation.outcomes.append(_unreachable(mail, lost))
        self._drop(connection)

    def _fail_to_open(self, lost: ConnectionLostError, queue: _Queue) -> list[Outcome]:
        """Go on with the connections there are; without any, give up for now."""
        self._trouble_until = time.monotonic() + _PAUSE_AFTER_TROUBLE_SECONDS
        if self._connections:
            return []
        queue.end()
        waiting = list(queue.waiting)
        queue.waiting.clear()
        return [_unreachable(mail, lost) for mail in waiting]

    def _open(self) -> Connection:
        try:
            found = socket.getaddrinfo(self._server.host, self._server.port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise ConnectionLostError(internal_reasons.NAME_UNKNOWN % {"error": error}) from error
        return Connection(
            self._server,
            [(family, (str(address[0]), self._server.port)) for family, _, _, _, address in found],
            conversation=Conversation(self._server, client_name=socket.gethostname()),
            selector=self._selector,
            tls=self._tls,
            timeout=self._timeout,
        )

    def _drop_idle(self) -> None:
        for connection in [c for c in self._connections if c.seconds_at_rest > _IDLE_SECONDS]:
            self._drop(connection)

    def _drop(self, connection: Connection) -> None:
        self._connections.remove(connection)
        connection.close()


def _taken_outcomes(connection: Connection) -> list[Outcome]:
    outcomes, connection.conversation.outcomes = connection.conversation.outcomes, []
    return outcomes


def _unreachable(mail: Mail, lost: ConnectionLostError) -> Outcome:
    return Outcome(mail.delivery_id, SendResult.UNREACHABLE, lost.detail, lost.code)
