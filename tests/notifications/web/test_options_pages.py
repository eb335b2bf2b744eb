"""The options page and the form of a card, over HTTP."""

from datetime import UTC, datetime

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from accounts.models import Membership
from notifications.models import Address, Preference
from notifications.recipients import email_addresses, preferences
from notifications.recipients.preferences import PreferenceInput


@pytest.fixture
def seller(client: Client, shop, hanako) -> Client:
    client.force_login(hanako)
    return client


@pytest.fixture(autouse=True)
def bell(monkeypatch) -> list[str]:
    """Counts how often the settings' mail was rung for."""
    rung: list[str] = []
    monkeypatch.setattr("notifications.queue.enqueue.enqueue_settings_mail", lambda: rung.append("rung"))
    return rung


def edit_url(shop, group: str = "orders") -> str:
    return reverse("notifications:edit_group", args=[shop.public_id, group])


def drawn(client: Client, shop, group: str = "orders") -> dict[str, list[str]]:
    """The form as the browser would send it back untouched."""
    form = client.get(edit_url(shop, group)).context["form"]
    data: dict[str, list[str]] = {}
    for one in form.forms:
        if not one.included:
            continue
        ticked = [str(option.address.pk) for option in one.options if option.ticked]
        data[f"{one.prefix}-addresses"] = data[f"initial-{one.prefix}-addresses"] = ticked
        data[f"{one.prefix}-new"] = [""]
        data[f"{one.prefix}-version"] = [str(one.choice.version)]
        if "email" in one.fields:
            data[f"initial-{one.prefix}-email"] = [str(one.choice.email)]
            if one.choice.email:
                data[f"{one.prefix}-email"] = ["on"]
    return data


def told(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


@pytest.mark.parametrize("many", [False, True])
def test_the_page_costs_the_same_whatever_was_chosen(seller, shop, hanako, taro, many, django_assert_num_queries):
    count = 12 if many else 1
    rows = email_addresses.add_missing(shop, [f"n{number}@ok.test" for number in range(count)], by=taro)
    for key in list(preferences.DEFAULTS)[: 20 if many else 1]:
        preferences.save(shop, {key: PreferenceInput(email=True, addresses=tuple(row.pk for row in rows))}, by=taro)
    url = reverse("notifications:options", args=[shop.public_id])
    seller.get(url)

    with django_assert_num_queries(8):
        response = seller.get(url)

    assert response.status_code == 200


def test_saving_an_untouched_form_writes_nothing(seller, shop, bell):
    data = drawn(seller, shop)

    response = seller.post(edit_url(shop), data)

    assert response.status_code == 302
    assert Preference.objects.count() == 0
    assert shop.history.count() == 0
    assert bell == []


def test_save_switches_on_adds_an_address_and_says_so(seller, shop, hanako, bell):
    data = drawn(seller, shop)
    data["fba_order_confirmed-email"] = ["on"]
    data["fba_order_confirmed-addresses"] = []
    data["fba_order_confirmed-new"] = ["  ＳＯＵＫＯ＠ＯＫ．Ｔｅｓｔ ", ""]

    response = seller.post(edit_url(shop), data)

    assert response.status_code == 302
    choice = preferences.load_all(shop)["fba_order_confirmed"]
    address = Address.objects.get(email="SOUKO@ok.test")
    assert (choice.email, choice.addresses, choice.version) == (True, (address.pk,), 1)
    assert choice.changed_by == hanako.name
    assert [preference.type for preference in Preference.objects.all()] == ["fba_order_confirmed"]
    switched_on, waits = told(response)
    assert switched_on == "保存しました。「FBAの注文の確定」のメールをオンにしました。送信先：SOUKO@ok.test"
    assert waits.startswith("SOUKO@ok.test に確認メールを送信します。")
    assert bell == ["rung"]


def test_the_same_change_to_several_notifications_is_said_once(seller, shop):
    data = drawn(seller, shop)
    data |= {f"{key}-email": ["on"] for key in ("fba_order_confirmed", "fba_inbound_shipment")}
    del data["order_confirmed-email"]

    response = seller.post(edit_url(shop), data)

    assert told(response) == [
        "保存しました。「注文の確定」のメールをオフにしました。",
        "保存しました。「FBAの注文の確定」「FBAへの納品」のメールをオンにしました。送信先：既定のメールアドレス",
    ]


def test_several_new_addresses_are_named_in_one_sentence(seller, shop):
    data = drawn(seller, shop)
    data["order_confirmed-new"] = ["one@ok.test", "two@ok.test"]

    response = seller.post(edit_url(shop), data)

    _saved, waiting = told(response)
    assert waiting.partition("。")[0] == "one@ok.test、two@ok.test に確認メールを送信します"


def test_another_row_keeps_what_was_typed_and_writes_nothing(seller, shop, bell):
    data = drawn(seller, shop)
    data |= {"order_confirmed-new": ["one@ok.test"], "add": ["order_confirmed"]}
    del data["order_confirmed-email"]

    response = seller.post(edit_url(shop), data)

    form = response.context["form"].forms[0]
    assert [row.value for row in form.typed_rows] == ["one@ok.test", ""]
    assert form["email"].value() is False
    assert Address.objects.filter(email="one@ok.test").count() == 0
    assert Preference.objects.count() == 0
    assert bell == []


def test_the_same_addresses_for_the_group_are_drawn_and_not_saved(seller, shop, taro):
    [office] = email_addresses.add_missing(shop, ["office@ok.test"], by=taro)
    data = drawn(seller, shop)
    data |= {
        "order_confirmed-addresses": [str(office.pk)],
        "order_confirmed-new": ["new@ok.test"],
        "copy": ["order_confirmed"],
    }

    response = seller.post(edit_url(shop), data)

    for form in response.context["form"].forms:
        assert [option.address.email for option in form.options if option.ticked] == ["office@ok.test"]
        assert [row.value for row in form.typed_rows] == ["new@ok.test"]
    assert Preference.objects.count() == 0
    assert seller.post(edit_url(shop), data | {"copy": ["account_suspended"]}).status_code == 404


def test_all_errors_are_told_at_once_and_nothing_is_saved(seller, shop, hanako, bell):
    data = drawn(seller, shop)
    default = data["order_confirmed-addresses"][0]
    data["order_confirmed-new"] = ["nobody", "a@ok.test", "A@OK.test", "hanako@ok.test"]
    data["fba_order_confirmed-email"] = ["on"]
    data["fba_order_confirmed-addresses"] = []
    data["fba_inbound_shipment-email"] = ["on"]

    response = seller.post(edit_url(shop), data)

    first, second, third = response.context["form"].forms
    assert response.status_code == 422
    assert sorted(first.row_errors) == [0, 2, 3]
    assert "A@ok.test" in first.row_errors[2]
    assert "hanako@ok.test" in first.row_errors[3]
    assert [row.value for row in first.typed_rows] == data["order_confirmed-new"]
    assert [str(option.address.pk) for option in first.options if option.ticked] == [default]
    assert list(second.errors) == ["addresses"]
    assert third.errors == {}
    assert Preference.objects.count() == 0
    assert [row.email for row in Address.objects.all()] == ["hanako@ok.test"]
    assert bell == []


def test_a_required_notification_keeps_an_address(seller, shop):
    data = drawn(seller, shop, "health")
    data["account_suspended-addresses"] = []

    response = seller.post(edit_url(shop, "health"), data)

    assert response.status_code == 422
    assert Preference.objects.count() == 0


def test_more_addresses_than_fit_are_refused(seller, shop):
    data = drawn(seller, shop)
    data["order_confirmed-new"] = [f"n{number}@ok.test" for number in range(20)]
    data["fba_order_confirmed-new"] = ["nobody"]

    response = seller.post(edit_url(shop), data)

    assert response.status_code == 422
    too_many, wrong, _inbound = ({*one.errors} for one in response.context["form"].forms)
    assert (too_many, wrong) == ({"addresses"}, {"new"})
    assert Address.objects.count() == 1


def test_an_address_of_another_shop_is_refused_as_unknown(seller, shop, other_shop, mika):
    [theirs] = email_addresses.add_missing(other_shop, ["books@ok.test"], by=mika)
    data = drawn(seller, shop)
    data["order_confirmed-addresses"] = [str(theirs.pk)]

    response = seller.post(edit_url(shop), data)

    assert response.status_code == 422
    assert "books@ok.test" not in response.content.decode()
    assert Preference.objects.count() == 0


def test_both_versions_are_shown_when_somebody_saved_in_between(seller, shop, taro, hanako):
    data = drawn(seller, shop)
    [office] = email_addresses.add_missing(shop, ["office@ok.test"], by=taro)
    preferences.save(shop, {"order_confirmed": PreferenceInput(email=True, addresses=(office.pk,))}, by=taro)
    del data["order_confirmed-email"]
    data["fba_order_confirmed-new"] = ["typed@ok.test"]

    response = seller.post(edit_url(shop), data)

    first, second, _third = response.context["form"].forms
    assert response.status_code == 409
    assert first.theirs == preferences.load_all(shop)["order_confirmed"]
    assert first.their_addresses == "office@ok.test"
    assert first["email"].value() is False
    assert [row.value for row in second.typed_rows] == ["typed@ok.test"]
    assert preferences.load_all(shop)["order_confirmed"].email is True
    assert Address.objects.filter(email="typed@ok.test").count() == 0

    data["order_confirmed-version"] = [str(first["version"].value())]
    again = seller.post(edit_url(shop), data)

    assert again.status_code == 302
    assert preferences.load_all(shop)["order_confirmed"].email is False
    assert preferences.load_all(shop)["order_confirmed"].version == 2


def test_theirs_can_be_taken(seller, shop, taro):
    data = drawn(seller, shop)
    [office] = email_addresses.add_missing(shop, ["office@ok.test"], by=taro)
    preferences.save(shop, {"order_confirmed": PreferenceInput(email=True, addresses=(office.pk,))}, by=taro)
    del data["order_confirmed-email"]

    response = seller.post(edit_url(shop), data | {"theirs": ["order_confirmed"]})

    first = response.context["form"].forms[0]
    assert first["email"].value() is True
    assert [option.address.email for option in first.options if option.ticked] == ["office@ok.test"]
    assert first["version"].value() == "1"
    assert not first.touched


def test_what_others_changed_and_i_did_not_touch_stays(seller, shop, taro):
    data = drawn(seller, shop)
    preferences.save(shop, {"order_confirmed": PreferenceInput(email=False, addresses=())}, by=taro)
    data["fba_order_confirmed-email"] = ["on"]

    response = seller.post(edit_url(shop), data)

    choices = preferences.load_all(shop)
    assert response.status_code == 302
    assert choices["order_confirmed"].email is False
    assert choices["fba_order_confirmed"].email is True


def test_what_is_not_in_the_plan_is_shown_and_cannot_be_saved(client, other_shop, mika):
    client.force_login(mika)
    data = drawn(client, other_shop, "coach")
    data["coach_recommendations-addresses"] = data["out_of_stock_weekly-addresses"]
    data["coach_recommendations-new"] = ["x@ok.test"]
    data["coach_recommendations-version"] = ["0"]

    response = client.post(edit_url(other_shop, "coach"), data)

    assert response.status_code == 302
    assert Preference.objects.count() == 0
    assert client.get(edit_url(other_shop, "reports")).status_code == 404


def test_a_secondary_user_reads_and_edits_only_with_the_right(client, shop, hanako, taro):
    client.force_login(taro)
    options = reverse("notifications:options", args=[shop.public_id])

    assert client.get(options).status_code == 200
    assert edit_url(shop) not in client.get(options).content.decode()
    assert client.get(edit_url(shop)).status_code == 403
    assert hanako.name in client.get(edit_url(shop)).content.decode()

    Membership.objects.filter(user=taro).update(edits_notifications=True)
    assert edit_url(shop) in client.get(options).content.decode()
    assert client.get(edit_url(shop)).status_code == 200


@pytest.mark.parametrize("name", ["options", "changes", "addresses", "add_address", "emergency", "remove_emergency"])
def test_another_shop_finds_nothing(client, shop, hanako, mika, name):
    client.force_login(mika)
    url = reverse(f"notifications:{name}", args=[shop.public_id])

    assert client.get(url).status_code == 404
    assert client.post(url).status_code == 404
    assert client.post(edit_url(shop)).status_code == 404


def test_a_confirmation_mail_that_was_not_taken_says_when_it_is_tried_again(seller, shop, hanako):
    office = email_addresses.add(shop, "office@ok.test", by=hanako)
    due = datetime(2026, 11, 21, 0, 4, tzinfo=UTC)
    Address.objects.filter(pk=office.pk).update(confirmation_answer="451 4.3.2 busy", confirmation_due_at=due)

    page = seller.get(reverse("notifications:addresses", args=[shop.public_id])).content.decode()

    assert "確認メールをまだ届けられていません。2026年11月21日 09:04に再試行します。" in page
