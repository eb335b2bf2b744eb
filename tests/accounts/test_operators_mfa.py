"""Nobody works in the admin site with a password alone."""

import time

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from accounts.auth import mfa
from accounts.models import User
from devtools.sandbox.authenticator import Secret
from tests.conftest import PASSWORD, TOTP_SECRET, record_sign_in

INDEX = reverse("admin:index")


@pytest.fixture
def omar_without(omar: User) -> User:
    """Omar before he has set anything up."""
    Authenticator.objects.all().delete()
    return omar


def code() -> str:
    return Secret("Omar", TOTP_SECRET).code(time.time())


@pytest.mark.parametrize("page", [INDEX, reverse("admin:accounts_user_changelist"), reverse("admin:dead_letters")])
def test_an_operator_without_one_is_sent_to_set_one_up_and_told_why(
    client: Client, omar_without: User, page: str
) -> None:
    client.force_login(omar_without)

    refused = client.get(page)

    assert (refused.status_code, refused["Location"]) == (302, reverse("mfa_index"))
    told = client.get(refused["Location"])
    assert [message.level_tag for message in get_messages(told.wsgi_request)] == ["warning"]
    assert "a password alone does not open the admin site" in told.content.decode()


def test_nothing_is_done_for_an_operator_without_one(client: Client, omar_without: User, hanako: User) -> None:
    client.force_login(omar_without)

    client.post(reverse("admin:accounts_user_change", args=[hanako.pk]), {"name": "changed"})

    hanako.refresh_from_db()
    assert hanako.name == "山田 花子"


def test_who_may_not_enter_at_all_is_not_told_of_it(client: Client, hanako: User) -> None:
    client.force_login(hanako)

    refused = client.get(INDEX)

    assert refused["Location"].startswith(reverse("admin:login"))


def test_an_app_opens_the_site_and_recovery_codes_alone_do_not(client: Client, omar_without: User) -> None:
    client.force_login(omar_without)
    Authenticator.objects.create(user=omar_without, type=Authenticator.Type.RECOVERY_CODES, data={})
    with_codes_alone = client.get(INDEX)

    mfa.set_up_app(omar_without, TOTP_SECRET)

    assert (with_codes_alone.status_code, client.get(INDEX).status_code) == (302, 200)


def test_sign_in_asks_for_the_code_and_then_the_site_is_open(client: Client, omar: User) -> None:
    asked = client.post(reverse("account_login"), {"login": omar.email, "password": PASSWORD})
    too_early = client.get(INDEX)

    client.post(reverse("mfa_authenticate"), {"code": code()})

    assert asked["Location"] == reverse("mfa_authenticate")
    assert too_early.status_code == 302
    assert client.get(INDEX).status_code == 200


def test_a_known_secret_takes_nobody_s_own_app_away(omar: User) -> None:
    before = Authenticator.objects.values().get()

    mfa.set_up_app(omar, "OTHER" * 4)

    assert Authenticator.objects.values().get() == before


def test_a_session_that_began_with_a_password_alone_is_asked_for_the_code(client: Client, omar: User) -> None:
    """Whoever stole the password before the app was set up does not get in with it afterwards."""
    client.force_login(omar)
    session = client.session
    del session[AUTHENTICATION_METHODS_SESSION_KEY]
    session.save()
    record_sign_in(client, omar, "password", email=omar.email)

    refused = client.get(INDEX)
    asked = client.get(refused["Location"])
    client.post(refused["Location"], {"code": code()})

    assert refused["Location"] == f"{reverse('mfa_reauthenticate')}?next=%2Fadmin%2F"
    assert asked.status_code == 200
    assert client.get(INDEX).status_code == 200


@pytest.mark.parametrize(
    ("page", "lookup"),
    [
        ("admin:accounts_user_changelist", "password__startswith"),
        ("admin:notifications_emergencycontact_changelist", "phone__startswith"),
    ],
)
def test_no_list_can_be_asked_for_what_it_hides(client: Client, omar: User, page: str, lookup: str) -> None:
    client.force_login(omar)

    assert client.get(reverse(page), {lookup: "x"}).status_code == 400


def test_who_has_a_key_alone_is_asked_for_it(client: Client, omar: User) -> None:
    client.force_login(omar)
    Authenticator.objects.update(type=Authenticator.Type.WEBAUTHN)
    session = client.session
    del session[AUTHENTICATION_METHODS_SESSION_KEY]
    session.save()

    assert client.get(INDEX)["Location"] == f"{reverse('mfa_reauthenticate_webauthn')}?next=%2Fadmin%2F"
