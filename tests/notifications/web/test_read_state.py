"""What counts as unread, for one person in one shop."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Membership
from notifications.models import ReadHorizon, Source
from notifications.web import inbox, read_state
from tests.notifications.web.test_inbox import membership_of, tell


@pytest.fixture
def source(db: None) -> Source:
    return Source.objects.create(name="Marketplace")


def test_unread_only_leaves_out_what_was_read_and_what_lies_below_the_horizon(shop, hanako, source):
    Membership.objects.update(joined_at=timezone.now() - timedelta(days=1))
    tell(shop, source, id=read_state.first_id(timezone.now() - timedelta(hours=2)))
    up_to = read_state.first_id(timezone.now() - timedelta(hours=1))
    ReadHorizon.objects.create(user=hanako, account=shop, up_to=up_to)
    read, unread = tell(shop, source), tell(shop, source)
    read_state.mark_read(read, by=hanako, membership=membership_of(hanako))

    page = inbox.newest(membership_of(hanako), unread_only=True)

    assert [row.pk for row in page.notifications] == [unread.pk]
    assert page.unread == {unread.pk}


def test_old_news_counts_as_read(shop, hanako, source):
    Membership.objects.update(joined_at=timezone.now() - timedelta(days=400))
    tell(shop, source, id=read_state.first_id(timezone.now() - timedelta(days=91)))
    young = tell(shop, source, id=read_state.first_id(timezone.now() - timedelta(days=89)))

    page = inbox.newest(membership_of(hanako))

    assert read_state.unread_count(membership_of(hanako)) == 1
    assert page.unread == {young.pk}
