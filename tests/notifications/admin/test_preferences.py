"""Operators look at choices and destinations; the lists cost the same whatever their length."""

import pytest
from django.urls import reverse

from notifications.recipients import email_addresses, emergency_phone, preferences
from notifications.recipients.preferences import PreferenceInput


@pytest.fixture
def filled(shop, hanako, other_shop, mika):
    for account, user in ((shop, hanako), (other_shop, mika)):
        rows = email_addresses.add_missing(account, [f"n{number}@ok.test" for number in range(3)], by=user)
        wish = PreferenceInput(email=True, addresses=tuple(row.pk for row in rows))
        preferences.save(account, {"order_confirmed": wish, "claim_opened": wish}, by=user)
        emergency_phone.set_phone(account, emergency_phone.parse("090-1234-5678"), by=user)


@pytest.mark.parametrize("name", ["address", "emergencycontact", "emergencynotice", "preference"])
def test_lists_cost_the_same(client, omar, filled, shop, name, django_assert_num_queries):
    client.force_login(omar)
    url = reverse(f"admin:notifications_{name}_changelist")
    client.get(url)

    with django_assert_num_queries(4):
        everything = client.get(url)
    with django_assert_num_queries(5):
        client.get(url, {"q": shop.public_id})

    assert "1234-5678" not in everything.content.decode()


@pytest.mark.parametrize("name", ["address", "emergencycontact", "preference"])
def test_a_row_can_be_looked_at_and_not_changed(client, omar, filled, shop, name):
    client.force_login(omar)
    row = {
        "address": shop.addresses.first(),
        "emergencycontact": shop.emergency_contact,
        "preference": shop.preferences.first(),
    }[name]
    url = reverse(f"admin:notifications_{name}_change", args=[row.pk])

    assert client.get(url).status_code == 200
    assert client.post(url, {}).status_code == 403
    assert "1234-5678" not in client.get(url).content.decode()
