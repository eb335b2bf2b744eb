"""Hanako's shop, Mika's shop, and LINE."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import SellerAccount, User
from notifications.channels.line.channel import LineChannel
from notifications.channels.table import CHANNELS
from notifications.enums import Channel
from sandbox.line.people import Person
from tests.line_world import LineWorld, line_world


@pytest.fixture
def line(live_server: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[LineWorld]:
    settings.SITE_URL = live_server.url
    with line_world(live_server.url) as world:
        settings.LINE = world.server
        channel = LineChannel(world.server, concurrency=4)
        monkeypatch.setitem(CHANNELS, Channel.LINE, lambda: channel)
        yield world
        channel.close()


@pytest.fixture
def flower(line: LineWorld) -> Person:
    """Hanako on LINE."""
    return line.person("花子")


@pytest.fixture
def signed_in() -> Any:
    """`signed_in(user)`: a browser."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


def settings_page(shop: SellerAccount) -> str:
    return reverse("notifications:line", args=[shop.public_id])
