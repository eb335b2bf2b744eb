"""Two people save at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts.models import SellerAccount, User
from notifications.models import Address, PreferenceAddress
from notifications.recipients import email_addresses, preferences
from notifications.recipients.preferences import ConflictError, PreferenceInput


def save(shop: SellerAccount, user: User, email: str) -> str:
    try:
        wish = PreferenceInput(email=True, addresses=(), new=(email, "shared@ok.test"))
        preferences.save(shop, {"order_confirmed": wish}, by=user)
    except ConflictError as conflict:
        return conflict.theirs["order_confirmed"].changed_by
    finally:
        connection.close()
    return "saved"


@pytest.mark.django_db(transaction=True)
def test_one_is_saved_and_the_other_is_told(shop, hanako, taro):
    people = [(hanako, "a@ok.test"), (taro, "b@ok.test")] * 2

    with ThreadPoolExecutor(len(people)) as pool:
        told = list(pool.map(lambda person: save(shop, *person), people))

    choice = preferences.load_all(shop)["order_confirmed"]
    winner = hanako if choice.changed_by == hanako.name else taro
    mine = "a@ok.test" if winner == hanako else "b@ok.test"
    assert choice.version == 1
    assert told.count("saved") == 2
    assert told.count(winner.name) == 2
    assert PreferenceAddress.objects.count() == 2
    assert {row.email for row in Address.objects.all()} == {"hanako@ok.test", mine, "shared@ok.test"}


@pytest.mark.django_db(transaction=True)
def test_of_many_clicks_on_a_link_one_confirms(shop, hanako):
    office = email_addresses.add(shop, "office@ok.test", by=hanako)

    def click(_number: int) -> bool:
        try:
            return email_addresses.confirm(Address.objects.select_related("account").get(pk=office.pk))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        confirmed = list(pool.map(click, range(4)))

    assert confirmed.count(True) == 1
    assert shop.history.filter(action="address.confirmed").count() == 1
