"""A source that knows Hanako's shop by its seller ID and its subscription, and Mika's."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from accounts.models import SellerAccount, User
from notifications.ingest.api_keys import add_source
from notifications.models import SellerAlias, Source
from notifications.types.enums import AliasKind, SourceKind

from .partner import SELLER, SUBSCRIPTION


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    """The samples are of last week."""
    with time_machine.travel(datetime(2026, 11, 25, 1, tzinfo=UTC)):
        yield


@pytest.fixture
def partner(shop: SellerAccount, hanako: User, other_shop: SellerAccount, mika: User) -> Source:
    source, _key = add_source("Selling Partner API", kind=SourceKind.SELLING_PARTNER)
    SellerAlias.objects.create(source=source, kind=AliasKind.SELLER, value=SELLER, account=shop)
    SellerAlias.objects.create(source=source, kind=AliasKind.SUBSCRIPTION, value=SUBSCRIPTION, account=shop)
    SellerAlias.objects.create(source=source, kind=AliasKind.SELLER, value="A1MIKABOOKS01", account=other_shop)
    return source
