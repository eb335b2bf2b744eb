"""Hanako's cart."""

import pytest

from accounts.models import SellerAccount, User
from notifications.enums import SourceKind
from notifications.models import Source
from notifications.source_keys import add_source


@pytest.fixture
def cart(shop: SellerAccount, hanako: User) -> Source:
    """The cart system of Hanako's shop."""
    return add_source("花子の器のカート", kind=SourceKind.MALL, account=shop)[0]
