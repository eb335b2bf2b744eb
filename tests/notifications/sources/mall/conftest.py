"""Hanako's cart."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from accounts.models import SellerAccount, User
from notifications.enums import SourceKind
from notifications.models import Source
from notifications.source_keys import add_source


@pytest.fixture
def cart(shop: SellerAccount, hanako: User) -> Source:
    """The cart system of Hanako's shop."""
    return add_source("花子の器のカート", kind=SourceKind.MALL, account=shop)[0]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """What a feed is told without a wish for a language."""
    with translation.override("en"):
        yield
