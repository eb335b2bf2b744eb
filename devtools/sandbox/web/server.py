"""The HTTP server: a table of routes, each a pattern and a function from request to response."""

import logging
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from urllib.parse import parse_qsl, urlsplit

logger = logging.getLogger(__name__)

MAX_BODY_BYTES = 1024 * 1024
SOCKET_SECONDS = 60
POLL_SECONDS = 0.02
"""How soon it ends when it is told to."""
CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'self'"
)


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: Mapping[str, str]
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    """By their names in lower case."""

    @property
    def form(self) -> dict[str, str]:
        """What a form or an API client posted as fields."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    @property
    def cookies(self) -> dict[str, str]:
        try:
            return {name: morsel.value for name, morsel in SimpleCookie(self.headers.get("cookie", "")).items()}
        except CookieError:
            return {}


@dataclass(frozen=True)
class Response:
    """An iterable body is streamed piece by piece."""

    body: str | bytes | Iterable[bytes]
    status: int = HTTPStatus.OK
    content_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


View = Callable[..., Response]
Route = tuple[str, str, View]


def redirect(location: str) -> Response:
    return Response("", HTTPStatus.SEE_OTHER, headers={"Location": location})


def no_answer() -> Response:
    """The connection just ends, as when a server dies."""
    return Response("", 0)


def not_found() -> Response:
    return Response("Not found.\n", HTTPStatus.NOT_FOUND, "text/plain; charset=utf-8")


def answer(routes: Iterable[tuple[str, re.Pattern[str], View]], request: Request) -> Response:
    allowed = []
    for method, pattern, view in routes:
        if found := pattern.fullmatch(request.path):
            if method == request.method:
                return view(request, *found.groups())
            allowed.append(method)
    if allowed:
        return Response("", HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": ", ".join(allowed)})
    return not_found()


def start(routes: list[Route], listener: socket) -> ThreadingHTTPServer:
    """Serve in threads of this process."""
    table = [(method, re.compile(pattern), view) for method, pattern, view in routes]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1
        server_version = "SellerHub-sandbox"
        timeout = SOCKET_SECONDS

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def do_PUT(self) -> None:
            self._answer()

        def do_DELETE(self) -> None:
            self._answer()

        def log_message(self, format: str, *args: object) -> None:
            """No access log: the addresses in it are nobody's business."""

        def _answer(self) -> None:
            length = self.headers.get("Content-Length") or "0"
            if not length.isdecimal() or "Transfer-Encoding" in self.headers:
                self._refuse(HTTPStatus.LENGTH_REQUIRED)
                return
            if int(length) > MAX_BODY_BYTES:
                self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
                return
            body = self.rfile.read(int(length))
            origin = self.headers.get("Origin")
            if self.command != "GET" and origin and urlsplit(origin).netloc != self.headers.get("Host"):
                self._send(Response("Another site may not do this.\n", HTTPStatus.FORBIDDEN, "text/plain"))
                return
            address = urlsplit(self.path)
            query = dict(parse_qsl(address.query, keep_blank_values=True))
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.command, address.path, query, body, headers)
            try:
                response = answer(table, request)
            except Exception:
                logger.exception("%s %s failed.", request.method, request.path)
                response = Response("This went wrong.\n", HTTPStatus.INTERNAL_SERVER_ERROR, "text/plain")
            if response.status:
                self._send(response)
            else:
                self.close_connection = True

        def _refuse(self, status: int) -> None:
            """What was sent stays unread, so this connection cannot go on."""
            self.close_connection = True
            self._send(Response("", status, headers={"Connection": "close"}))

        def _send(self, response: Response) -> None:
            body = response.body.encode() if isinstance(response.body, str) else response.body
            self.send_response(response.status)
            headers = {
                "Content-Type": response.content_type,
                "Cache-Control": "no-store",
                "Content-Security-Policy": CSP,
                "Referrer-Policy": "same-origin",  # without any a form would not say that it is ours
                "X-Content-Type-Options": "nosniff",
                **response.headers,
            }
            if isinstance(body, bytes):
                headers["Content-Length"] = str(len(body))
            else:
                headers["Transfer-Encoding"] = "chunked"
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            if isinstance(body, bytes):
                self.wfile.write(body)
                return
            for piece in body:
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")

    class Server(ThreadingHTTPServer):
        daemon_threads = True

    server = Server(listener.getsockname()[:2], Handler, bind_and_activate=False)
    server.socket.close()
    server.socket = listener
    threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,), name="web", daemon=True).start()
    return server
