"""Hanako's cart."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from accounts.models import SellerAccount, User
from notifications.ingest.api_keys import add_source
from notifications.models import Source
from notifications.types.enums import SourceKind


@pytest.fixture
def cart(shop: SellerAccount, hanako: User) -> Source:
    """The cart system of Hanako's shop."""
    return add_source("花子の器のカート", kind=SourceKind.CART, account=shop)[0]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """What a feed is told without a wish for a language."""
    with translation.override("en"):
        yield
