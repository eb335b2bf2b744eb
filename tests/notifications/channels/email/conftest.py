"""A running listener, and a client of it."""

import smtplib
from collections.abc import Iterator

import pytest

from tests.notifications.channels.email.shelf import Shelf, running
from tests.waiting import LIMIT_SECONDS


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with running() as shelf:
        yield shelf


@pytest.fixture
def client(shelf: Shelf) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP("127.0.0.1", shelf.port, timeout=LIMIT_SECONDS) as client:
        client.ehlo("mx.ok.test")
        yield client
