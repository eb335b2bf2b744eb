"""A shop on one page: everything that hangs on it, bounded, and nothing that hangs on another."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.activity import operator_log
from accounts.models import MarketplaceRegion, OperatorAction, Plan, SellerAccount, User
from notifications.admin.sellers import seller_page
from notifications.ingest.api_keys import keyless_source
from notifications.ingest.pipeline import Event, notify_many
from notifications.models import Address, EmergencyContact, LineLink, LineUser
from notifications.recipients import email_addresses, emergency_phone, preferences
from notifications.recipients.preferences import PreferenceInput
from notifications.types.enums import AddressState, LinkOrigin, LinkState
from notifications.types.payloads.samples import SAMPLES
from tests.conftest import make_operator

SECTIONS = (
    "hanako@ok.test",
    "taro@ok.test",
    "failing@ok.test",
    "花子のLINE",
    "***-****-5678",
    "delivery.requeued",
)


def url(shop: SellerAccount) -> str:
    return reverse("admin:accounts_selleraccount_change", args=[shop.pk])


def fill(shop: SellerAccount, hanako: User, omar: User, count: int) -> None:
    """So many of everything that may be many."""
    for number in range(count):
        Address.objects.create(
            account=shop,
            email=f"failing{number or ''}@ok.test",
            state=AddressState.FAILING,
            failure="mailbox_full",
        )
        operator_log.record("delivery.requeued", by=omar, account=shop, deliveries=number)
        kind = ("order_confirmed", "return_requested", "listing_closed")[number]
        named = email_addresses.add_missing(shop, [f"n{number}@ok.test"], by=hanako)
        preferences.save(shop, {kind: PreferenceInput(email=True, addresses=(named[0].pk,))}, by=hanako)
    now, data = timezone.now(), SAMPLES["account_at_risk"]
    events = [Event(f"risk-{one}", shop.public_id, "account_at_risk", now, data) for one in range(count)]
    notify_many(keyless_source("Test"), events)
    EmergencyContact.objects.create(account=shop, phone=emergency_phone.parse("090-1234-5678"))
    person = LineUser.objects.create(user_id="U" + "1" * 32, name="花子のLINE")
    LineLink.objects.create(account=shop, line_user=person, linked_by=hanako, way=LinkOrigin.SITE, state=LinkState.LIVE)


def test_everything_of_the_shop_stands_on_its_page(
    client: Client, shop: SellerAccount, hanako: User, taro: User, omar: User
) -> None:
    fill(shop, hanako, omar, 1)
    client.force_login(omar)

    page = client.get(url(shop)).content.decode()

    assert [section for section in SECTIONS if section not in page] == []
    assert "The mailbox is full." in page
    assert "1234-5678" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_whatever_the_shop_has(
    client: Client,
    shop: SellerAccount,
    hanako: User,
    omar: User,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    fill(shop, hanako, omar, count)
    client.force_login(omar)
    client.get(url(shop))

    with django_assert_num_queries(19):
        page = client.get(url(shop))

    sheet = page.context["sheet"]
    assert (len(sheet.acts), len(sheet.news), len(sheet.preferences)) == (count, count, count)


def test_nothing_of_another_shop_stands_there(
    client: Client,
    shop: SellerAccount,
    hanako: User,
    taro: User,
    omar: User,
    other_shop: SellerAccount,
    mika: User,
) -> None:
    fill(shop, hanako, omar, 1)
    client.force_login(omar)

    page = client.get(url(other_shop)).content.decode()

    assert [section for section in SECTIONS if section in page] == []


def test_each_list_is_bounded(shop: SellerAccount, hanako: User, omar: User, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(shop, hanako, omar, 3)
    monkeypatch.setattr(seller_page, "SHOWN", 2)

    sheet = seller_page.sheet_of(shop)

    assert (len(sheet.addresses), len(sheet.news), len(sheet.acts)) == (2, 2, 2)
    assert {line.address.state for line in sheet.addresses} == {AddressState.FAILING}


def test_only_preferences_that_differ_are_shown(shop: SellerAccount, hanako: User) -> None:
    preferences.save(shop, {"order_confirmed": PreferenceInput(email=False, addresses=())}, by=hanako)
    preferences.save(shop, {"listing_closed": PreferenceInput(email=False, addresses=())}, by=hanako)

    [line] = seller_page.sheet_of(shop).preferences

    assert (line.choice.type.key, line.choice.email) == ("order_confirmed", False)


def test_of_links_the_one_that_holds_is_shown(shop: SellerAccount, hanako: User) -> None:
    person = LineUser.objects.create(user_id="U" + "1" * 32)
    values = {"account": shop, "line_user": person, "linked_by": hanako, "way": LinkOrigin.SITE}
    ended = {"state": LinkState.ENDED, "end_reason": "unlinked"}
    now = timezone.now()
    older, newer = (LineLink.objects.create(**values, **ended, ended_at=now - timedelta(days=days)) for days in (9, 1))
    last_ended = seller_page.sheet_of(shop).link

    live = LineLink.objects.create(**values, state=LinkState.LIVE)

    assert (last_ended, seller_page.sheet_of(shop).link) == (newer, live)
    assert older != newer


def test_plan_and_region_change_and_are_written_down(client: Client, shop: SellerAccount, omar: User) -> None:
    client.force_login(omar)

    client.post(url(shop), {"plan": "individual", "region": "eu", "name": "changed", "language": "en"})

    shop.refresh_from_db()
    assert (shop.plan, shop.region) == (Plan.INDIVIDUAL, MarketplaceRegion.EUROPE)
    assert (shop.name, shop.language) == ("花子の器", "ja")
    act = OperatorAction.objects.get()
    assert (act.act, act.account, act.operator) == ("seller.changed", shop, omar)
    assert act.detail == {"plan": ["professional", "individual"], "region": ["jp", "eu"]}


def test_saving_without_a_change_is_no_act(client: Client, shop: SellerAccount, omar: User) -> None:
    client.force_login(omar)

    client.post(url(shop), {"plan": shop.plan, "region": shop.region})

    assert not OperatorAction.objects.exists()


def test_who_may_only_look_changes_nothing_and_sees_what_they_may(
    client: Client, shop: SellerAccount, hanako: User, omar: User
) -> None:
    fill(shop, hanako, omar, 1)
    olga = make_operator("olga@ok.test", "Olga")
    olga.user_permissions.set(Permission.objects.filter(codename__in=["view_selleraccount", "view_address"]))
    client.force_login(olga)

    page = client.get(url(shop)).content.decode()
    refused = client.post(url(shop), {"plan": "individual", "region": "eu"})

    assert [section for section in SECTIONS if section in page] == ["hanako@ok.test", "failing@ok.test"]
    shop.refresh_from_db()
    assert (refused.status_code, shop.plan) == (403, Plan.PROFESSIONAL)
