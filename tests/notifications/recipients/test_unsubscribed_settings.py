"""What the settings pages show of those who unsubscribed, and sending to them again."""

import pytest
from django.urls import reverse

from accounts.models import Membership
from notifications.models import Address, Unsubscription
from notifications.recipients import preferences
from notifications.recipients.email_addresses import OPTIONAL_TYPES, unsubscribe
from notifications.recipients.preferences import PreferenceInput
from notifications.types.enums import AddressState


@pytest.fixture
def office(shop, hanako) -> Address:
    office = Address.objects.create(account=shop, email="office@ok.test", state=AddressState.ACTIVE)
    preferences.save(shop, {"order_confirmed": PreferenceInput(email=True, addresses=(office.pk,))}, by=hanako)
    return office


def stopped(address: Address) -> list[str]:
    return sorted(address.unsubscriptions.values_list("type", flat=True))


def test_the_addresses_page_lists_it_and_sends_again(client, office, shop, hanako):
    unsubscribe(office, ["order_confirmed", "claim_opened"])
    client.force_login(hanako)
    page = reverse("notifications:addresses", args=[shop.public_id])
    url = reverse("notifications:send_again", args=[shop.public_id, office.pk])
    before = client.get(page)

    response = client.post(url, {"types": "claim_opened"})

    entries = {address.email: (used, gone) for address, used, _why, _kept, gone in before.context["entries"]}
    used, gone = entries["office@ok.test"]
    assert (used, [kind.key for kind, _at in gone]) == ([], ["order_confirmed", "claim_opened"])
    assert response.status_code == 302
    assert stopped(office) == ["order_confirmed"]
    assert [(one.action, one.actor) for one in shop.history.filter(action="address.subscribed_again")] == [
        ("address.subscribed_again", hanako)
    ]


def test_who_may_not_edit_reads_it_only(client, office, shop, taro, mika):
    unsubscribe(office, ["order_confirmed"])
    url = reverse("notifications:send_again", args=[shop.public_id, office.pk])

    client.force_login(taro)
    page = client.get(reverse("notifications:addresses", args=[shop.public_id])).content.decode()
    refused = client.post(url, {"types": "order_confirmed"})
    client.force_login(mika)
    hidden = client.post(url, {"types": "order_confirmed"})

    assert '<ul class="stopped">' in page
    assert url not in page
    assert (refused.status_code, hidden.status_code) == (403, 404)
    assert stopped(office) == ["order_confirmed"]


def test_the_options_say_so_and_that_nothing_arrives(client, office, shop, hanako):
    unsubscribe(office, ["order_confirmed"])
    client.force_login(hanako)

    page = client.get(reverse("notifications:options", args=[shop.public_id]))
    form = client.get(reverse("notifications:edit_group", args=[shop.public_id, "orders"])).context["form"]

    row = page.context["cards"][0].rows[0]
    at = Unsubscription.objects.get().at
    assert (row.standing, [(goal.address, goal.stopped_at) for goal in row.goals]) == (
        "not_reaching",
        [(office, at)],
    )
    marks = {option.address.email: option.stopped_at for option in form.forms[0].options}
    assert marks == {"hanako@ok.test": None, "office@ok.test": at}


@pytest.mark.parametrize("count", [1, 3])
def test_the_addresses_cost_the_same_however_many_unsubscribed(client, shop, hanako, count, django_assert_num_queries):
    for number in range(count):
        address = Address.objects.create(account=shop, email=f"n{number}@ok.test", state=AddressState.ACTIVE)
        unsubscribe(address, OPTIONAL_TYPES[:count])
    client.force_login(hanako)
    url = reverse("notifications:addresses", args=[shop.public_id])
    client.get(url)

    with django_assert_num_queries(7):
        client.get(url)


def test_a_member_s_right_is_asked_anew(client, office, shop, taro):
    unsubscribe(office, ["order_confirmed"])
    Membership.objects.filter(user=taro).update(edits_notifications=True)
    client.force_login(taro)

    client.post(reverse("notifications:send_again", args=[shop.public_id, office.pk]), {"types": list(OPTIONAL_TYPES)})

    assert stopped(office) == []
