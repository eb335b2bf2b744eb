"""Providers that may call, and deliveries of which they tell."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from notifications.channels.email.providers import sns_certificates, sns_http
from notifications.models import Delivery
from notifications.types.enums import DeliveryStatus
from tests import provider_world as world
from tests.notifications.delivery.conftest import notification, queue

__all__ = ["notification", "queue"]

Call = Callable[..., int]


@pytest.fixture(autouse=True)
def access(settings) -> None:
    settings.MAIL_PROVIDERS = world.all_access()
    settings.BOUNCE_DOMAIN = world.BOUNCE_DOMAIN
    settings.DEFAULT_FROM_EMAIL = f"SellerHub <no-reply@{world.DOMAIN}>"


@pytest.fixture(autouse=True)
def fetched(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What is fetched from Amazon: the wire is the test's."""
    urls: list[str] = []

    def get(url: str) -> bytes:
        urls.append(url)
        return world.certificate() if url.endswith(".pem") else b"<ConfirmSubscriptionResponse/>"

    sns_certificates._fetch.cache_clear()
    monkeypatch.setattr(sns_http, "get", get)
    yield urls
    sns_certificates._fetch.cache_clear()


@pytest.fixture
def call(client: Client) -> Call:
    """Post as the provider does; returns the status."""

    def post(provider: str, data, **headers: str) -> int:
        return world.call(client, provider, data, **headers).status_code

    return post


@pytest.fixture
def sent(queue) -> Callable[..., Delivery]:
    """A delivery that left a minute ago."""

    def make(email: str = "hanako@ok.test", **fields) -> Delivery:
        row = queue(email, status=DeliveryStatus.SENT, completed_at=timezone.now(), **fields)
        row.address.trusted_since = timezone.now() - timedelta(days=30)
        row.address.save()
        return row

    return make
