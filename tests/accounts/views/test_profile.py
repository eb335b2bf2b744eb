import pytest
from django.conf import settings as django_settings
from django.urls import reverse

from accounts.models import SellerAccount, User


def test_profile_saves_normalised_and_refuses_in_words(client, hanako):
    client.force_login(hanako)
    typed = {"name": "  ﾔﾏﾀﾞ　花子 ", "language": "en", "time_zone": "Europe/Berlin"}

    refused = client.post(reverse("accounts:profile"), typed | {"name": "　"})
    client.post(reverse("accounts:profile"), typed)

    hanako.refresh_from_db()
    assert list(refused.context["form"].errors) == ["name"]
    assert (hanako.name, hanako.language, hanako.time_zone) == ("ヤマダ 花子", "en", "Europe/Berlin")
    assert client.get(reverse("accounts:profile")).headers["Content-Language"] == "en"


def test_the_language_switch_keeps_the_language_of_a_person(client, hanako):
    client.force_login(hanako)

    response = client.post(reverse("accounts:set_language"), {"language": "en", "next": "/profile/"})

    hanako.refresh_from_db()
    assert response.url == "/profile/"
    assert hanako.language == "en"


def test_the_language_switch_keeps_the_language_of_a_browser(client, db):
    client.post(reverse("accounts:set_language"), {"language": "en", "next": "/"})

    assert client.cookies[django_settings.LANGUAGE_COOKIE_NAME].value == "en"
    assert client.get(reverse("account_login")).headers["Content-Language"] == "en"


@pytest.mark.parametrize("target", ["https://evil.test/", "//evil.test", "javascript:alert(1)", "", "\\\\evil.test"])
def test_the_language_switch_leads_nowhere_else(client, db, target):
    response = client.post(reverse("accounts:set_language"), {"language": "en", "next": target})

    assert response.url == "/"


def test_an_unknown_language_changes_nothing(client, hanako):
    client.force_login(hanako)

    client.post(reverse("accounts:set_language"), {"language": "xx", "next": "/"})

    assert User.objects.get().language == "ja"
    assert django_settings.LANGUAGE_COOKIE_NAME not in client.cookies


def test_the_shops_of_a_person_are_listed_and_no_others(client, mika, shop, hanako):
    client.force_login(mika)

    page = client.get(reverse("accounts:shops")).content.decode()

    assert "Mika Books" in page
    assert "花子の器" not in page


def test_another_shop_is_opened(client, mika):
    client.force_login(mika)

    response = client.post(
        reverse("accounts:open_shop"), {"name": "Ｍｉｋａ Toys", "language": "en", "time_zone": "UTC"}
    )

    opened = SellerAccount.objects.get(name="Mika Toys")
    assert response.url == reverse("home", args=[opened.public_id])
    assert opened.plan == "individual"


def test_shop_details_are_changed_and_the_plan_is_not(client, hanako, shop):
    client.force_login(hanako)
    address = reverse("accounts:shop", args=[shop.public_id])
    typed = {"name": "花子の店", "language": "en", "time_zone": "UTC", "plan": "individual", "public_id": "X"}

    refused = client.post(address, typed | {"name": ""})
    client.post(address, typed)

    changed = SellerAccount.objects.get(pk=shop.pk)
    assert list(refused.context["form"].errors) == ["name"]
    assert (changed.name, changed.language, changed.time_zone) == ("花子の店", "en", "UTC")
    assert (changed.plan, changed.public_id) == (shop.plan, shop.public_id)
