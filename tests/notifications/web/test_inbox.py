"""The notification centre: who sees what, read by whom, found by which words."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from uuid_utils.compat import uuid7

from accounts.models import Membership, SellerAccount, User
from notifications.models import Notification, ReadHorizon, ReadMark, Source
from notifications.types.enums import Reason
from notifications.types.payloads.samples import SAMPLES
from notifications.web import inbox, read_state


@pytest.fixture
def source(db: None) -> Source:
    return Source.objects.create(name="Marketplace")


def tell(account: SellerAccount, source: Source, kind: str = "order_confirmed", **fields: object) -> Notification:
    values = {"references": "503-1111111-2222222 cup-01", "data": SAMPLES[kind], **fields}
    return Notification.objects.create(
        account=account, source=source, type=kind, event_id=str(uuid4()), occurred_at=timezone.now(), **values
    )


def membership_of(user: User) -> Membership:
    return Membership.objects.select_related("account").get(user=user)


def test_newest_stands_first_and_pages_follow_without_gap(shop, hanako, source):
    told = [tell(shop, source) for _i in range(7)]

    first = inbox.newest(membership_of(hanako), size=3)
    second = inbox.newest(membership_of(hanako), size=3, before=first.older)
    third = inbox.newest(membership_of(hanako), size=3, before=second.older)

    pages = [row.pk for page in (first, second, third) for row in page.notifications]
    assert pages == [row.pk for row in reversed(told)]
    assert third.older is None


def test_another_shop_and_withheld_notifications_are_not_shown(shop, other_shop, hanako, mika, source):
    tell(other_shop, source)
    tell(shop, source, withheld=Reason.ORDER_NOT_CONFIRMED)
    shown = tell(shop, source)

    page = inbox.newest(membership_of(hanako))

    assert [row.pk for row in page.notifications] == [shown.pk]


def test_search_finds_part_of_an_order_id_and_a_sku(shop, hanako, source):
    wanted = tell(shop, source, references="503-9999999-0000000 plate-07")
    tell(shop, source)

    by_order = inbox.newest(membership_of(hanako), search="503-9999999")
    by_sku = inbox.newest(membership_of(hanako), search="PLATE-07")
    by_both = inbox.newest(membership_of(hanako), search="plate 503-1111111")
    by_wide_letters = inbox.newest(membership_of(hanako), search="５０３－９９９９９９９　ＰＬＡＴＥ")

    assert [row.pk for row in by_order.notifications] == [wanted.pk]
    assert [row.pk for row in by_sku.notifications] == [wanted.pk]
    assert by_both.notifications == []
    assert [row.pk for row in by_wide_letters.notifications] == [wanted.pk]


def test_filter_by_group(shop, hanako, source):
    tell(shop, source)
    claim = tell(shop, source, "claim_opened")

    page = inbox.newest(membership_of(hanako), group="returns")

    assert [row.pk for row in page.notifications] == [claim.pk]


def test_reading_is_of_one_person(shop, hanako, taro, source):
    row = tell(shop, source)

    read_state.mark_read(row, by=hanako, membership=membership_of(hanako))
    read_state.mark_read(row, by=hanako, membership=membership_of(hanako))

    assert read_state.unread_count(membership_of(hanako)) == 0
    assert read_state.unread_count(membership_of(taro)) == 1


def test_all_read_covers_what_is_there_and_not_what_comes(shop, hanako, taro, source):
    tell(shop, source)
    tell(shop, source)

    read_state.mark_all_read(membership_of(hanako))
    tell(shop, source)

    assert read_state.unread_count(membership_of(hanako)) == 1
    assert read_state.unread_count(membership_of(taro)) == 3


def test_what_is_written_late_is_not_read_unseen(shop, hanako, source):
    """A batch has its ids before it is written: others with later ids may have been read in between."""
    early_id = uuid7()
    read_state.mark_read(tell(shop, source), by=hanako, membership=membership_of(hanako))
    tell(shop, source)
    read_state.mark_all_read(membership_of(hanako))

    late = tell(shop, source, id=early_id)

    assert read_state.unread_among(membership_of(hanako), [late.pk]) == {late.pk}
    assert read_state.unread_count(membership_of(hanako)) == 1


def test_single_marks_go_when_the_horizon_has_passed_them(shop, hanako, source):
    with time_machine.travel(timezone.now() - timedelta(hours=1), tick=False):
        Membership.objects.update(joined_at=timezone.now() - timedelta(days=1))
        old = tell(shop, source, id=read_state.first_id(timezone.now()))
        read_state.mark_read(old, by=hanako, membership=membership_of(hanako))
        marks_then = ReadMark.objects.count()
    new = tell(shop, source)

    read_state.mark_read(new, by=hanako, membership=membership_of(hanako))

    assert marks_then == 1
    assert [mark.notification_id for mark in ReadMark.objects.all()] == [new.pk]
    assert read_state.unread_among(membership_of(hanako), [old.pk, new.pk]) == set()


def test_the_horizon_never_goes_back(shop, hanako, source):
    now = timezone.now()
    read_state.mark_all_read(membership_of(hanako))
    before = ReadHorizon.objects.get().up_to

    with time_machine.travel(now - timedelta(hours=1), tick=False):
        read_state.mark_all_read(membership_of(hanako))

    assert ReadHorizon.objects.get().up_to == before


def test_what_came_before_a_member_joined_counts_as_read(shop, hanako, taro, source):
    Membership.objects.update(joined_at=timezone.now() - timedelta(days=1))
    before = read_state.first_id(timezone.now() - timedelta(days=3))
    tell(shop, source, id=before)
    tell(shop, source)

    assert read_state.unread_count(membership_of(taro)) == 1


def test_counting_unread_stops_at_what_is_shown(shop, hanako, source, monkeypatch):
    monkeypatch.setattr(read_state, "UNREAD_SHOWN", 2)
    for _i in range(5):
        tell(shop, source)

    assert read_state.unread_count(membership_of(hanako)) == 3


def test_required_and_unread_comes_first_on_the_home_page(shop, hanako, source):
    risk = tell(shop, source, "account_at_risk")
    later = [tell(shop, source) for _i in range(3)]

    latest = inbox.latest(membership_of(hanako), size=3)

    assert [row.pk for row in latest.notifications] == [risk.pk, later[2].pk, later[1].pk]


def test_opening_marks_as_read_but_a_head_request_does_not(client: Client, shop, hanako, source):
    row = tell(shop, source)
    client.force_login(hanako)
    url = reverse("notifications:detail", args=[shop.public_id, row.pk])

    client.head(url)
    after_head = read_state.unread_count(membership_of(hanako))
    response = client.get(url)

    assert after_head == 1
    assert response.status_code == 200
    assert read_state.unread_count(membership_of(hanako)) == 0


def test_the_short_link_finds_the_shop_and_hides_others(client: Client, shop, hanako, mika, source):
    row = tell(shop, source)

    client.force_login(hanako)
    own = client.get(reverse("notifications:open", args=[row.pk]))
    client.force_login(mika)
    foreign = client.get(reverse("notifications:open", args=[row.pk]))

    assert own["Location"] == reverse("notifications:detail", args=[shop.public_id, row.pk])
    assert foreign.status_code == 404


def test_stored_data_that_no_longer_fits_still_has_a_page(client: Client, shop, hanako, source):
    row = tell(shop, source, data={"nothing": "of the kind"})
    client.force_login(hanako)

    response = client.get(reverse("notifications:detail", args=[shop.public_id, row.pk]))

    assert response.status_code == 200


def test_a_type_that_left_the_catalogue_is_passed_over(client: Client, shop, hanako, source):
    row = tell(shop, source)
    Notification.objects.filter(pk=row.pk).update(type="fax_received")
    client.force_login(hanako)

    page = client.get(reverse("notifications:detail", args=[shop.public_id, row.pk]))
    centre_page = client.get(reverse("notifications:centre", args=[shop.public_id]))

    assert (page.status_code, centre_page.status_code) == (404, 200)


@pytest.mark.parametrize("count", [1, 12])
def test_pages_ask_the_database_the_same_number_of_times(
    client: Client, shop, hanako, source, count, django_assert_max_num_queries
):
    for _i in range(count):
        tell(shop, source)
    client.force_login(hanako)
    client.get(reverse("home", args=[shop.public_id]))

    for name, limit in (("home", 9), ("notifications:centre", 6)):
        with django_assert_max_num_queries(limit):
            assert client.get(reverse(name, args=[shop.public_id])).status_code == 200
