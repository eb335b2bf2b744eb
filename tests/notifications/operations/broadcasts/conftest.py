"""Broadcasts to send, and many shops that hear of them."""

from collections.abc import Callable

import pytest

from accounts.models import SellerAccount, User
from notifications.models import Broadcast
from notifications.operations.broadcasts import transitions, work_off_due
from tests.conftest import make_operator
from tests.waiting import LIMIT_SECONDS

TEXTS = {
    "title_ja": "年末セールのお知らせ",
    "title_en": "The year-end sale",
    "body_ja": "12月11日から開催します。\n\n申し込みは12月4日までです。",
    "body_en": "It starts on 11 December.\n\nSign up by 4 December.",
}
WHERE = {"region_ja": "関東地方", "region_en": "Kanto"}

Draft = Callable[..., Broadcast]


@pytest.fixture
def olivia(db: None) -> User:
    """A second operator."""
    return make_operator("olivia@ok.test", "Olivia Berg", is_superuser=True)


@pytest.fixture
def draft(omar: User) -> Draft:
    """`draft("emergency_notice")`: a broadcast as somebody wrote it."""

    def draft(type: str = "business_update", **fields: object) -> Broadcast:
        where = WHERE if type == "emergency_notice" else {}
        return Broadcast.objects.create(type=type, created_by=omar, **(TEXTS | where | fields))

    return draft


@pytest.fixture
def released(draft: Draft, omar: User, olivia: User) -> Draft:
    """The same, released, and confirmed where that is needed."""

    def released(type: str = "business_update", **fields: object) -> Broadcast:
        broadcast = draft(type, **fields)
        transitions.release(broadcast, by=omar, seen=broadcast.changed_at)
        if type == "emergency_notice":
            transitions.confirm(broadcast, by=olivia, seen=broadcast.changed_at)
        return broadcast

    return released


def shops(count: int, **fields: object) -> list[SellerAccount]:
    """Shops without anybody in them: they hear of it on the site alone."""
    return SellerAccount.objects.bulk_create(SellerAccount(name=f"Shop {one}", **fields) for one in range(count))


def work() -> None:
    """Until nothing is due."""
    while work_off_due(max_seconds=LIMIT_SECONDS):
        pass
