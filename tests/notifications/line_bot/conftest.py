"""Hanako's shop, Mika's shop, and LINE."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import SellerAccount, User
from devtools.sandbox.line.people import Person
from notifications.channels.line import client
from notifications.channels.line.channel import LineChannel
from notifications.channels.line.client import MessagingClient
from notifications.channels.registry import CHANNELS
from notifications.models import LineLink, LineUser
from notifications.types.enums import Channel, LinkOrigin, LinkState
from tests.line_world import LineWorld, line_world
from tests.waiting import LIMIT_SECONDS


@pytest.fixture
def line(live_server: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[LineWorld]:
    settings.SITE_URL = live_server.url
    monkeypatch.setattr(client, "_TIMEOUT", (LIMIT_SECONDS, LIMIT_SECONDS))
    with line_world(live_server.url) as world:
        settings.LINE = world.server
        channel = LineChannel(MessagingClient(world.server, connections=4), concurrency=4)
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


@pytest.fixture
def linked(line: LineWorld, flower: Person, shop: SellerAccount, hanako: User) -> LineLink:
    """Hanako's shop is linked and her LINE account a friend; nothing was said yet."""
    line.platform.faults.lay_over({"webhooks": {"drop": True}})
    line.platform.follow(flower)
    line.platform.faults.clear()
    return make_link(shop, hanako, flower)


def make_link(shop: SellerAccount, user: User, person: Person, state: LinkState = LinkState.LIVE) -> LineLink:
    """As linking leaves it, without the way there."""
    now = timezone.now()
    known, _created = LineUser.objects.get_or_create(
        user_id=person.id,
        defaults={"name": person.name, "language": person.language, "followed_at": now, "profile_at": now},
    )
    return LineLink.objects.create(account=shop, line_user=known, linked_by=user, way=LinkOrigin.CHAT, state=state)
