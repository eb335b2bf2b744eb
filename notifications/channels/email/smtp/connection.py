"""The non-blocking socket of one SMTP session, with or without TLS."""

import contextlib
import errno
import selectors
import socket
import ssl
import time
from collections.abc import Iterator, Sequence

from notifications.channels import internal_reasons

from .server import Security, Server
from .session import ConnectionLostError, Conversation, Mail

_CHUNK = 64 * 1024


class Connection:
    """Connects to the first address that responds; call `proceed` when the selector reports its socket as ready."""

    def __init__(
        self,
        server: Server,
        addresses: Sequence[tuple[socket.AddressFamily, tuple[str, int]]],
        *,
        conversation: Conversation,
        selector: selectors.BaseSelector,
        tls: ssl.SSLContext,
        timeout: float,
    ) -> None:
        """Begin to connect; raises ConnectionLostError when no address can be tried."""
        self.conversation = conversation
        self._server = server
        self._addresses = list(addresses)
        self._selector = selector
        self._tls = tls
        self._timeout = timeout
        self._connected = False
        self._handshaking = False
        self._interest = 0
        self._progress_at = 0.0
        self._socket: socket.socket
        self._connect_to_next("The mail server has no address.")

    @property
    def is_overdue(self) -> bool:
        busy = self._handshaking or not self._connected or self.conversation.is_waiting
        return busy and self.seconds_at_rest > self._timeout

    @property
    def seconds_at_rest(self) -> float:
        """Return the seconds since the last reply, or since the first command after a pause."""
        return time.monotonic() - self._progress_at

    def begin(self, mail: Mail) -> None:
        """Queue a mail's envelope for the next `write`."""
        if not self.conversation.is_waiting:
            self._restart_clock()
        self.conversation.begin(mail)

    def say_content(self) -> None:
        """Queue the content that the server waits for, for the next `write`."""
        self._restart_clock()
        self.conversation.say_content()

    def proceed(self) -> None:
        """Do what the socket is ready for, except `write`; raises ConnectionLostError."""
        if not self._connected:
            self._finish_connecting()
        elif self._handshaking and isinstance(self._socket, ssl.SSLSocket):
            self._shake_hands(self._socket)
        else:
            self._read()

    def expire(self) -> None:
        """Handle a time-out: try the server's next address, or raise ConnectionLostError."""
        detail = internal_reasons.SILENT % {"seconds": f"{self._timeout:g}"}
        if self._connected:
            raise ConnectionLostError(detail)
        self._connect_to_next(detail)

    def close(self) -> None:
        """Send QUIT where that is possible at once, and close."""
        with contextlib.suppress(OSError, ConnectionLostError):
            self.conversation.quit()
            if self._connected and not self._handshaking:
                self.write()
        self._discard_socket()

    def _connect_to_next(self, why: str) -> None:
        self._discard_socket()
        while self._addresses:
            family, address = self._addresses.pop(0)
            self._socket = socket.socket(family, socket.SOCK_STREAM)
            self._socket.setblocking(False)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            error = self._socket.connect_ex(address)
            if error in (0, errno.EINPROGRESS):
                self._restart_clock()
                self._watch(selectors.EVENT_WRITE)
                return
            why = internal_reasons.NO_CONNECTION % {"error": errno.errorcode.get(error, error)}
            self._discard_socket()
        raise ConnectionLostError(why)

    def _finish_connecting(self) -> None:
        error = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            self._connect_to_next(internal_reasons.NO_CONNECTION % {"error": errno.errorcode.get(error, error)})
            return
        self._connected = True
        self._restart_clock()
        if self._server.security is Security.TLS:
            self._start_tls()
        else:
            self._watch(selectors.EVENT_READ)

    def _start_tls(self) -> None:
        self._selector.unregister(self._socket)
        self._interest = 0
        self._socket = encrypted = self._tls.wrap_socket(
            self._socket, server_hostname=self._server.host, do_handshake_on_connect=False
        )
        self._handshaking = True
        self._restart_clock()
        self._shake_hands(encrypted)

    def _shake_hands(self, encrypted: ssl.SSLSocket) -> None:
        try:
            encrypted.do_handshake()
        except ssl.SSLWantReadError:
            self._watch(selectors.EVENT_READ)
        except ssl.SSLWantWriteError:
            self._watch(selectors.EVENT_WRITE)
        except OSError as error:
            raise ConnectionLostError(internal_reasons.NO_ENCRYPTION % {"error": error}) from error
        else:
            self._handshaking = False
            self._restart_clock()
            self._watch(selectors.EVENT_READ)
            if self.conversation.wants_tls:
                self.conversation.secured()

    def _read(self) -> None:
        for data in self._arrived():
            if not data:
                raise ConnectionLostError(internal_reasons.CLOSED)
            answers = self.conversation.answers
            self.conversation.receive(data)
            if self.conversation.answers != answers:
                self._restart_clock()
            if self.conversation.wants_tls:
                self._start_tls()
                return

    def _arrived(self) -> Iterator[bytes]:
        """Yield what can be read now; an empty piece is the end of the connection."""
        try:
            data = self._socket.recv(_CHUNK)
            self._acknowledge()
            yield data
            while data and isinstance(self._socket, ssl.SSLSocket):
                data = self._socket.recv(_CHUNK)
                yield data
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return
        except OSError as error:
            raise ConnectionLostError(internal_reasons.BROKEN % {"error": error}) from error

    def _acknowledge(self) -> None:
        """Acknowledge at once: a server that replies in small segments waits for it, and Linux would take 40 ms."""
        if hasattr(socket, "TCP_QUICKACK"):
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)

    def write(self) -> None:
        """Write what can be written now; raises ConnectionLostError."""
        outgoing = self.conversation.outgoing
        while outgoing:
            try:
                sent = self._socket.send(outgoing)
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                break
            except OSError as error:
                self._read()  # its last reply may state the reason
                raise ConnectionLostError(internal_reasons.BROKEN % {"error": error}) from error
            del outgoing[:sent]
        if not self._handshaking:
            self._watch(selectors.EVENT_READ | selectors.EVENT_WRITE if outgoing else selectors.EVENT_READ)

    def _restart_clock(self) -> None:
        self._progress_at = time.monotonic()

    def _watch(self, interest: int) -> None:
        if interest == self._interest:
            return
        if self._interest:
            self._selector.modify(self._socket, interest, self)
        else:
            self._selector.register(self._socket, interest, self)
        self._interest = interest

    def _discard_socket(self) -> None:
        if self._interest:
            self._selector.unregister(self._socket)
            self._interest = 0
        if hasattr(self, "_socket"):
            self._socket.close()
