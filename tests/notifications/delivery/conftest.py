"""Deliveries to send, and a channel that sends them to a mail server of the test."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import SellerAccount
from notifications.channels.email.channel import EmailChannel
from notifications.channels.email.smtp.server import Server
from notifications.channels.registry import CHANNELS
from notifications.models import Address, Delivery, Notification, Source
from notifications.types.enums import AddressState, Channel
from notifications.types.payloads.samples import SAMPLES
from tests.notifications.channels.email.wire import TestServer, by_recipient, running
from tests.waiting import LIMIT_SECONDS

Queue = Callable[..., Delivery]


@pytest.fixture
def notification(shop: SellerAccount) -> Notification:
    source = Source.objects.create(name="orders")
    return Notification.objects.create(
        account=shop,
        source=source,
        event_id="1",
        type="order_confirmed",
        occurred_at=timezone.now(),
        data=SAMPLES["order_confirmed"],
    )


@pytest.fixture
def queue(notification: Notification) -> Queue:
    """Queue a delivery of `notification` to an active address."""

    def queue(email: str, *, state: AddressState = AddressState.ACTIVE, **fields: object) -> Delivery:
        address = Address.objects.create(account=notification.account, email=email, state=state)
        values = {"due_at": timezone.now() - timedelta(seconds=1), "language": "ja"} | fields
        return Delivery.objects.create(
            **{"notification": notification, "channel": Channel.EMAIL, "address": address, "recipient": email} | values
        )

    return queue


@pytest.fixture
def use_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """Have the e-mail channel send to this port."""
    channels = []

    def use(port: int) -> None:
        channel = EmailChannel(
            Server("127.0.0.1", port),
            sender="SellerHub <hub@sellers.test>",
            connections=3,
            timeout=LIMIT_SECONDS,
        )
        channels.append(channel)
        monkeypatch.setitem(CHANNELS, Channel.EMAIL, lambda: channel)

    yield use
    for channel in channels:
        channel.close()


@pytest.fixture
def mail_server(use_server: Callable[[int], None]) -> Iterator[TestServer]:
    """A server that behaves as the recipient's name says."""
    with running(by_recipient()) as server:
        use_server(server.port)
        yield server
