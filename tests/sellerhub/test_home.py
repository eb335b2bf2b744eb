"""The home page of a shop."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from notifications.models import Address, EmergencyContact
from notifications.recipients import preferences
from notifications.recipients.preferences import PreferenceInput
from notifications.types.enums import AddressState


@pytest.fixture
def home(client: Client, shop, hanako) -> str:
    client.force_login(hanako)
    return reverse("home", args=[shop.public_id])


def test_the_checklist_stays_until_everything_is_done(client, home, shop, hanako):
    unconfirmed = Address.objects.create(account=shop, email="office@ok.test")
    steps = []

    def look() -> None:
        context = client.get(home).context
        steps.append((context["unconfirmed"], context["chosen"], context["phone"], context["steps_left"]))

    look()
    unconfirmed.delete()
    look()
    preferences.save(shop, {"order_confirmed": PreferenceInput(email=False, addresses=())}, by=hanako)
    look()
    EmergencyContact.objects.create(account=shop, phone="+819012345678")
    look()

    assert steps == [
        (1, False, "", True),
        (0, False, "", True),
        (0, True, "", True),
        (0, True, "090-1234-5678", False),
    ]


def test_one_step_that_is_left_keeps_the_checklist(client, home, shop, hanako):
    EmergencyContact.objects.create(account=shop, phone="+819012345678")
    preferences.save(shop, {"order_confirmed": PreferenceInput(email=False, addresses=())}, by=hanako)
    Address.objects.create(account=shop, email="office@ok.test")

    context = client.get(home).context

    assert context["steps_left"] is True


def test_a_member_who_may_not_change_settings_sees_no_checklist(client, home, shop, taro):
    client.force_login(taro)

    response = client.get(home)

    assert response.context["steps_left"] is True
    assert 'class="checklist"' not in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_it_asks_the_database_as_often_for_three_as_for_one(
    client, home, shop, taro, mika, count, django_assert_num_queries
):
    for number in range(count):
        Address.objects.create(
            account=shop, email=f"n{number}@ok.test", state=AddressState.ACTIVE, confirmed_at=timezone.now()
        )
    if count == 3:
        Membership.objects.create(account=shop, user=mika)
    client.get(home)

    with django_assert_num_queries(8):
        client.get(home)
