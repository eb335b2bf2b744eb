"""The web server under everything."""

import http.client
import logging
import socket

import pytest

from devtools.sandbox.web.server import MAX_BODY_BYTES, Request, Response, no_answer, start
from tests.waiting import LIMIT_SECONDS


def fail(request: Request) -> Response:
    raise RuntimeError("broken")


@pytest.fixture
def connection():
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    routes = [
        ("POST", "/echo", lambda request: Response(request.body)),
        ("GET", "/cookie", lambda request: Response(request.cookies.get("line_user", "-"))),
        ("GET", "/fails", fail),
        ("GET", "/silence", lambda request: no_answer()),
    ]
    server = start(routes, listener)
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT_SECONDS)
    yield client
    client.close()
    server.shutdown()
    server.server_close()


def ask(connection, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    return response.status, response.read()


def test_a_connection_is_kept(connection):
    first = ask(connection, "POST", "/echo", "花子".encode())
    kept = connection.sock
    second = ask(connection, "POST", "/echo", b"2")

    assert (first, second) == ((200, "花子".encode()), (200, b"2"))
    assert connection.sock is kept


def test_a_body_has_its_limit(connection):
    fits = ask(connection, "POST", "/echo", b"a" * MAX_BODY_BYTES)[0]
    connection.request("POST", "/echo", headers={"Content-Length": str(MAX_BODY_BYTES + 1)})
    too_large = connection.getresponse()

    assert (fits, too_large.status) == (200, 413)
    assert too_large.headers["Connection"] == "close"
    too_large.close()


@pytest.mark.parametrize(
    "headers", [{"Content-Length": "-1"}, {"Content-Length": "a"}, {"Transfer-Encoding": "chunked"}]
)
def test_a_body_says_how_long_it_is(connection, headers):
    connection.putrequest("POST", "/echo")
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()

    assert response.status == 411
    response.close()


@pytest.mark.parametrize(("cookie", "found"), [("line_user=U1; a=b", b"U1"), ("", b"-"), ("a[=;", b"-")])
def test_cookies(connection, cookie, found):
    assert ask(connection, "GET", "/cookie", Cookie=cookie) == (200, found)


def test_what_goes_wrong_is_logged_and_the_next_request_answered(connection, caplog):
    with caplog.at_level(logging.ERROR, "devtools.sandbox.web.server"):
        status = ask(connection, "GET", "/fails")[0]

    assert status == 500
    assert [record.getMessage() for record in caplog.records] == ["GET /fails failed."]
    assert ask(connection, "POST", "/echo", b"1") == (200, b"1")


def test_no_answer_ends_the_connection(connection):
    with pytest.raises(http.client.RemoteDisconnected):
        ask(connection, "GET", "/silence")
