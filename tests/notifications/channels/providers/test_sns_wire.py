"""What is fetched from Amazon SNS is bounded in size and time and leads nowhere else."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import urllib3

from notifications.channels.email.providers import sns_http
from notifications.channels.email.providers.events import NotNowError
from tests.waiting import LIMIT_SECONDS

fetch = sns_http.get


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/slow":
            release.wait(LIMIT_SECONDS)
        self.send_response({"/moved": 302, "/missing": 404}.get(self.path, 200))
        self.send_header("Location", "/small")
        self.end_headers()
        self.wfile.write(b"x" * (17 * 1024 if self.path == "/large" else 5))

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


release = threading.Event()


@pytest.fixture(autouse=True)
def patience(monkeypatch) -> None:
    monkeypatch.setattr(sns_http, "_TIMEOUT", urllib3.Timeout(total=LIMIT_SECONDS))


@pytest.fixture
def url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        release.set()
        server.shutdown()
        thread.join()
        sns_http._pool.clear()


def test_what_is_small_is_fetched(url):
    assert fetch(f"{url}/small") == b"xxxxx"


@pytest.mark.parametrize("path", ["/large", "/moved", "/missing"])
def test_the_rest_is_given_up(url, path):
    with pytest.raises(NotNowError):
        fetch(url + path)


def test_what_does_not_come_is_given_up(url, monkeypatch):
    monkeypatch.setattr(sns_http, "_TIMEOUT", urllib3.Timeout(connect=LIMIT_SECONDS, read=0.2))
    release.clear()

    with pytest.raises(NotNowError):
        fetch(f"{url}/slow")


def test_nobody_there():
    with pytest.raises(NotNowError):
        fetch("http://127.0.0.1:9/")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://sns.us-east-1.amazonaws.com/x", True),
        ("https://sns.us-gov-west-1.amazonaws.com/x", True),
        ("https://SNS.us-east-1.amazonaws.com/x", False),
        ("https://sns.us-east-1.amazonaws.com./x", False),
        ("https://sns.us-east-1.amazonaws.com:443/x", False),
        ("https://sns.us-east-1.amazonaws.com\\@evil.test/", False),
        ("https://sns.us-east-1.amazonaws.com%2eevil.test/", False),
        ("https://evil.test/https://sns.us-east-1.amazonaws.com/", False),
        ("https://sns.evil.test/", False),
        ("https://[::1/", False),
        ("ftp://sns.us-east-1.amazonaws.com/x", False),
    ],
)
def test_only_amazon_sns_itself(url, expected):
    assert sns_http.is_of_sns(url) is expected
