"""Mail servers for the tests: one that behaves by recipient, and scripted ones that misbehave."""

import contextlib
import re
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.waiting import LIMIT_SECONDS


class Peer:
    """The server's side of one connection."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self._buffer = b""

    def say(self, *lines: str) -> None:
        self.socket.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def hear(self) -> str:
        """The next command, or an empty string when the client has gone."""
        return self._line() or ""

    def hear_mail(self) -> bytes:
        """Everything up to the line that is a dot, with the stuffing taken out. Raises ConnectionError."""
        lines = []
        while (line := self._line()) != ".":
            if line is None:
                raise ConnectionError("The client has gone.")
            lines.append(line.removeprefix("."))
        return "".join(f"{line}\r\n" for line in lines).encode()

    def _line(self) -> str | None:
        while b"\r\n" not in self._buffer:
            data = self.socket.recv(65536)
            if not data:
                return None
            self._buffer += data
        line, _, self._buffer = self._buffer.partition(b"\r\n")
        return line.decode()

    def greet(self, *extensions: str) -> None:
        self.say("220 ready")
        if not self.hear().startswith("EHLO "):
            raise ConnectionError("The client has gone.")
        keywords = ["hello", *extensions]
        self.say(*(f"250-{word}" for word in keywords[:-1]), f"250 {keywords[-1]}")

    def hear_envelope(self) -> str:
        """A whole pipelined envelope; returns the recipient. Raises ConnectionError when the client has gone."""
        line = self.hear()
        if line in ("", "QUIT"):
            raise ConnectionError("The client has gone.")
        if line == "RSET":
            self.say("250 reset")
            line = self.hear()
        assert line.startswith("MAIL FROM:<")
        recipient = self.hear()
        assert self.hear() == "DATA"
        return recipient.removeprefix("RCPT TO:<").removesuffix(">")


@dataclass
class TestServer:
    port: int
    connections: int = 0
    commands: list[str] = field(default_factory=list)
    mails: list[tuple[str, bytes]] = field(default_factory=list)
    may_go_on: threading.Event = field(default_factory=threading.Event)
    """What a script waits for that hangs; set at the end in any case."""
    ended: int = 0
    """Connections that the server has closed."""

    __test__ = False

    @property
    def recipients(self) -> list[str]:
        return [recipient for recipient, _ in self.mails]


Script = Callable[[TestServer, Peer, int], None]


@contextlib.contextmanager
def running(script: Script) -> Iterator[TestServer]:
    """Run `script(server, peer, number of the connection)` for every connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = TestServer(listener.getsockname()[1])
    threads: list[threading.Thread] = []
    sockets: list[socket.socket] = []
    failures: list[BaseException] = []
    counting = threading.Lock()

    def talk(connection: socket.socket, number: int) -> None:
        try:
            with connection:
                script(server, Peer(connection), number)
        except OSError:
            return
        except BaseException as failure:
            failures.append(failure)
        finally:
            with counting:
                server.ended += 1

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.settimeout(LIMIT_SECONDS)
            sockets.append(connection)
            server.connections += 1
            thread = threading.Thread(target=talk, args=(connection, server.connections), daemon=True)
            threads.append(thread)
            thread.start()

    acceptor = threading.Thread(target=accept, daemon=True)
    acceptor.start()
    try:
        yield server
    finally:
        server.may_go_on.set()
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        acceptor.join(LIMIT_SECONDS)
        for connection in sockets:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join(LIMIT_SECONDS)
    assert failures == []


def by_recipient(*, pipelining: bool = True, takes_data_after_refusal: bool = False) -> Script:
    """An orderly server whose answers the recipient's name chooses, strict about the order of commands."""
    extensions = ["PIPELINING", "SIZE 100000"] if pipelining else ["SIZE 100000"]

    def script(server: TestServer, peer: Peer, number: int) -> None:
        peer.greet(*extensions)
        sender = recipient = None
        while command := peer.hear():
            server.commands.append(command)
            if command == "RSET":
                sender = recipient = None
                peer.say("250 2.0.0 reset")
            elif command == "QUIT":
                peer.say("221 bye")
                return
            elif command.startswith("MAIL FROM:<"):
                if sender is not None:
                    peer.say("503 5.5.1 nested MAIL command")
                    continue
                sender = command
                peer.say("250 2.1.0 sender ok")
            elif command.startswith("RCPT TO:<"):
                name = re.sub(r"RCPT TO:<(.*)>", r"\1", command)
                if name.startswith("slow"):
                    server.may_go_on.wait(LIMIT_SECONDS)
                if name.startswith("unknown"):
                    peer.say("550-5.1.1 There is nobody", "550 5.1.1 of that name")
                elif name.startswith("busy"):
                    peer.say("451 4.2.1 try later")
                else:
                    recipient = name
                    peer.say("250 2.1.5 recipient ok")
            elif command == "DATA":
                if recipient is None and not takes_data_after_refusal:
                    peer.say("554 5.5.1 no valid recipients")
                elif recipient is not None and recipient.startswith("nodata"):
                    peer.say("554 5.7.1 no data from you")
                else:
                    peer.say("354 go on")
                    mail = peer.hear_mail()
                    if recipient is None:
                        assert mail == b""
                        peer.say("554 5.5.1 no valid recipients")
                    elif recipient.startswith("refuse"):
                        peer.say("554 5.6.0 not this mail")
                    elif recipient.startswith("later"):
                        peer.say("452 4.3.1 no room just now")
                    else:
                        server.mails.append((recipient, mail))
                        peer.say("250 2.0.0 taken")
                    sender = recipient = None
            else:
                peer.say("500 what?")

    return script
