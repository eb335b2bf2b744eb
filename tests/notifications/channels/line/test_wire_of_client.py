"""The client on the wire: one request for one push, and a 200 is a 200 whatever stands under it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest

from notifications.channels.line.client import MessagingClient
from notifications.channels.line.config import LineServer
from notifications.channels.line.http import UnreachableError
from notifications.channels.line.tokens import ChannelToken


@contextmanager
def line(answer: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """A LINE that gives every connection the same bytes, or hangs up when there are none."""
    listener = socket.create_server(("127.0.0.1", 0))
    heard: list[bytes] = []

    def serve() -> None:
        while True:
            try:
                peer, _address = listener.accept()
            except OSError:
                return
            with peer:
                heard.append(peer.recv(65536))
                peer.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", heard
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def client_of(url: str, monkeypatch) -> MessagingClient:
    monkeypatch.setattr(ChannelToken, "get", lambda self, *, refused="": "token")
    server = LineServer(
        channel_id="1",
        channel_secret="s",
        login_channel_id="2",
        login_channel_secret="t",
        friend_url="http://line.test/add",
        api_url=url,
    )
    return MessagingClient(server)


def push(url: str, monkeypatch) -> int:
    client = client_of(url, monkeypatch)
    answer = client.push("U1", "alt", {"type": "bubble"}, retry_key=uuid4())
    client.close()
    return answer.status


def test_a_push_that_breaks_is_not_tried_again_behind_our_back(monkeypatch):
    with line(b"") as (url, heard):
        status = push(url, monkeypatch)

    assert status == -1
    assert len(heard) == 1


def test_a_question_that_breaks_is_not_asked_again_behind_our_back(monkeypatch):
    with line(b"") as (url, heard):
        client = client_of(url, monkeypatch)
        with pytest.raises(UnreachableError):
            client.profile("U1")
        client.close()

    assert len(heard) == 1


def test_an_odd_body_under_a_200_was_taken_all_the_same(monkeypatch):
    body = b'{"sentMessages": "what is this"}'
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
    with line(head + body) as (url, heard):
        status = push(url, monkeypatch)

    assert status == 200
    assert len(heard) == 1
