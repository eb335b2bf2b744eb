"""The page behind an unsubscribe link: who looks changes nothing, and one click needs no cookie."""

import re
from datetime import timedelta
from unittest.mock import patch

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from notifications.models import Address
from notifications.recipients import email_addresses, preference_matrix, preferences
from notifications.recipients.email_addresses import OPTIONAL_TYPES, unsubscribe, unsubscribe_token
from notifications.recipients.preferences import PreferenceInput
from notifications.types.definitions import TYPES
from notifications.types.enums import AddressState
from sellerhub.logs import DiscreetFormatter

ONE_CLICK = "List-Unsubscribe=One-Click"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def office(shop, hanako) -> Address:
    office = Address.objects.create(account=shop, email="office@ok.test", state=AddressState.ACTIVE, language="en")
    preferences.save(shop, {"order_confirmed": PreferenceInput(email=True, addresses=(office.pk,))}, by=hanako)
    return office


@pytest.fixture
def recipient() -> Client:
    """Without cookies, and held to CSRF as a real request is."""
    return Client(enforce_csrf_checks=True)


def link(address: Address, type_key: str = "order_confirmed") -> str:
    return reverse("notifications:unsubscribe", args=[unsubscribe_token(address.pk, type_key, address.email)])


def stopped(address: Address) -> list[str]:
    return sorted(address.unsubscriptions.values_list("type", flat=True))


def words(response) -> str:
    main = re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)
    assert main
    return " ".join(re.sub(r"<[^>]+>", " ", main[0]).split())


@pytest.mark.parametrize("body", [ONE_CLICK, "List-Unsubscribe=One-Click&utm=x"])
def test_one_click_stops_without_cookie_or_redirect(recipient, office, body):
    response = recipient.post(link(office), body, content_type=FORM)

    assert (response.status_code, response["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert response.content == b"The notification was stopped."
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    assert stopped(office) == ["order_confirmed"]


def test_one_click_may_come_as_multipart_and_twice(recipient, office):
    for _time in range(2):
        assert recipient.post(link(office), {"List-Unsubscribe": "One-Click"}).status_code == 200

    assert stopped(office) == ["order_confirmed"]
    assert office.account.history.filter(action="address.unsubscribed").count() == 1


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("agent", ["", "Mozilla/5.0", "BarracudaCentral link check", "GoogleImageProxy", "\u00ff"])
def test_to_look_changes_nothing(recipient, office, method, agent):
    response = getattr(recipient, method)(link(office) + "?List-Unsubscribe=One-Click", headers={"user-agent": agent})

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert stopped(office) == []
    assert office.account.history.filter(action="address.unsubscribed").count() == 0


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_no_other_method_acts(recipient, office, method):
    assert getattr(recipient, method)(link(office), ONE_CLICK, content_type=FORM).status_code == 405
    assert stopped(office) == []


@pytest.mark.parametrize("body", ["", "wish=", "wish=destroy", "List-Unsubscribe=No", "types=order_confirmed"])
def test_a_post_that_asks_for_nothing_asks_back(recipient, office, body):
    response = recipient.post(link(office), body, content_type=FORM)

    assert response.status_code == 422
    assert "Stop this notification?" in words(response)
    assert stopped(office) == []


def test_a_large_body_is_not_read(recipient, office):
    response = recipient.post(link(office), ONE_CLICK + "&x=" + "y" * 5000, content_type=FORM)

    assert response.status_code == 413
    assert stopped(office) == []


def test_the_page_asks_stops_and_undoes(recipient, office):
    asked = words(recipient.get(link(office)))
    done = words(recipient.post(link(office), {"wish": "stop"}))
    after = stopped(office)
    seen_again = words(recipient.get(link(office)))
    undone = words(recipient.post(link(office), {"wish": "undo", "types": ["order_confirmed"]}))

    assert "“Order confirmed” of the shop “花子の器” will no longer be sent to office@ok.test ." in asked
    assert "is no longer sent to office@ok.test" in done
    assert seen_again == done
    assert after == ["order_confirmed"]
    assert "It is undone" in undone
    assert stopped(office) == []


def test_all_that_is_optional_is_stopped_and_exactly_that_undone(recipient, office):
    recipient.post(link(office), {"wish": "stop"})

    response = recipient.post(link(office), {"wish": "stop_all"})
    after = stopped(office)
    undo = re.findall(r'name="types" value="(\w+)"', response.content.decode())
    undone = recipient.post(link(office), {"wish": "undo", "types": undo})

    assert after == sorted(OPTIONAL_TYPES)
    assert "The notification is stopped" in words(undone)
    assert stopped(office) == ["order_confirmed"]


def test_nothing_required_is_stopped_by_a_form_that_names_it(recipient, office):
    unsubscribe(office, ["order_confirmed"])

    response = recipient.post(link(office), {"wish": "undo", "types": ["account_at_risk"]})

    assert response.status_code == 422
    assert stopped(office) == ["order_confirmed"]


def test_undoing_is_limited_and_stopping_is_not(recipient, office, settings):
    settings.ACCOUNT_RATE_LIMITS = {"unsubscribe": "2/h/key"}

    statuses = []
    for _time in range(3):
        assert recipient.post(link(office), ONE_CLICK, content_type=FORM).status_code == 200
        statuses.append(recipient.post(link(office), {"wish": "undo"}).status_code)

    assert statuses == [200, 200, 429]
    assert stopped(office) == ["order_confirmed"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_required_is_refused_in_plain_words(recipient, office, method):
    response = getattr(recipient, method)(link(office, "account_at_risk"), {"List-Unsubscribe": "One-Click"})

    assert response.status_code == 403
    assert "This notification is required" in words(response)
    assert stopped(office) == []


def test_an_expired_link_says_what_to_do(recipient, office, shop):
    old = link(office)

    with time_machine.travel(timezone.now() + timedelta(days=366)):
        response = recipient.post(old, ONE_CLICK, content_type=FORM)

    assert response.status_code == 410
    assert "valid for 365 days" in words(response)
    assert reverse("notifications:options", args=[shop.public_id]) in response.content.decode()
    assert stopped(office) == []


def test_a_broken_link_and_a_removed_address_have_their_own_words(recipient, office, hanako):
    whole = link(office)
    english = {"accept-language": "en"}

    broken = recipient.post(whole[:-1], ONE_CLICK, content_type=FORM, headers=english)
    email_addresses.remove(office, by=hanako)
    gone = recipient.post(whole, ONE_CLICK, content_type=FORM, headers=english)

    assert (broken.status_code, gone.status_code) == (410, 410)
    assert "This link cannot be read" in words(broken)
    assert "no longer in use" in words(gone)


def test_an_address_that_goes_in_the_very_moment_is_gone(recipient, office):
    with patch("notifications.recipients.email_addresses.unsubscribe", side_effect=Address.DoesNotExist):
        response = recipient.post(link(office), ONE_CLICK, content_type=FORM)

    assert response.status_code == 410


def test_the_page_speaks_the_language_of_the_mail_unless_the_reader_chose(recipient, office):
    Address.objects.update(language="")
    shops = recipient.get(link(office), headers={"accept-language": "en"})
    Address.objects.update(language="en")
    own = recipient.get(link(office), headers={"accept-language": "ja"})
    recipient.cookies["django_language"] = "ja"
    chosen = recipient.get(link(office))

    said = [(one["Content-Language"], 'lang="ja"' in one.content.decode()[:400]) for one in (shops, own, chosen)]
    assert said == [("ja", True), ("en", False), ("ja", True)]


def test_the_same_address_of_another_shop_goes_on(recipient, office, other_shop, mika):
    theirs = Address.objects.create(account=other_shop, email="office@ok.test", state=AddressState.ACTIVE)

    recipient.post(link(office), {"wish": "stop_all"})

    assert stopped(theirs) == []
    assert len(stopped(office)) == len(OPTIONAL_TYPES)


def test_it_says_whether_colleagues_still_get_it_and_names_none(recipient, office, shop, hanako):
    alone = words(recipient.post(link(office), {"wish": "stop"}))
    taro = Address.objects.create(account=shop, email="taro@ok.test", state=AddressState.ACTIVE)
    wish = PreferenceInput(email=True, addresses=(office.pk, taro.pk), seen_version=1)
    preferences.save(shop, {"order_confirmed": wish}, by=hanako)
    with_taro = words(recipient.get(link(office)))
    unsubscribe(taro, ["order_confirmed"])
    alone_again = words(recipient.get(link(office)))

    assert "No other address of the shop receives it." in alone
    assert "Other addresses of the shop still receive it." in with_taro
    assert "taro@" not in with_taro
    assert alone_again == alone


def test_the_default_address_counts_as_a_colleague(office, shop):
    default = email_addresses.default_addresses([shop.pk])[shop.pk]

    assert preference_matrix.reaches_others(office, TYPES["claim_opened"]) is True
    assert preference_matrix.reaches_others(default, TYPES["claim_opened"]) is False
    assert preference_matrix.reaches_others(office, TYPES["listing_created"]) is False


def test_no_token_gets_into_the_log(recipient, office, caplog):
    recipient.get(link(office, "account_at_risk"))

    [record] = [one for one in caplog.records if one.name == "django.request"]
    assert DiscreetFormatter().format(record) == "Forbidden: /unsubscribe/…"
