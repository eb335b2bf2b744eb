"""Authenticator app, recovery codes and passkeys."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.urls import reverse

from tests.conftest import PASSWORD


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def sign_in(client):
    return client.post(reverse("account_login"), {"login": "hanako@ok.test", "password": PASSWORD})


@pytest.fixture
def secret(client, hanako, mailoutbox, django_capture_on_commit_callbacks) -> str:
    """Hanako has switched the authenticator app on, and is signed out again."""
    sign_in(client)
    asked = client.get(reverse("mfa_activate_totp"))
    client.post(asked.url, {"password": PASSWORD, "next": reverse("mfa_activate_totp")})
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    client.post(reverse("account_logout"))
    return secret


def test_the_app_is_switched_on_with_recovery_codes_and_a_mail(secret, hanako, mailoutbox):
    kinds = set(Authenticator.objects.filter(user=hanako).values_list("type", flat=True))

    assert kinds == {"totp", "recovery_codes"}
    assert [message.to for message in mailoutbox] == [["hanako@ok.test"]]


def test_sign_in_then_asks_for_a_code(client, secret):
    asked = sign_in(client)
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    inside_too_early = "_auth_user_id" in client.session

    recovery = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    client.post(reverse("mfa_authenticate"), {"code": recovery})

    assert asked.url == reverse("mfa_authenticate")
    assert list(wrong.context["form"].errors) == ["code"]
    assert inside_too_early is False
    assert "_auth_user_id" in client.session


def test_a_recovery_code_works_once(client, secret):
    recovery = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": recovery})
    client.post(reverse("account_logout"))
    sign_in(client)

    client.post(reverse("mfa_authenticate"), {"code": recovery})

    assert "_auth_user_id" not in client.session


def test_the_admin_site_is_entered_only_through_sign_in(client, hanako, omar, secret):
    page = client.get(reverse("admin:index"), follow=True)
    client.post(reverse("admin:login"), {"username": "omar@ok.test", "password": PASSWORD})
    by_the_admins_own_form = "_auth_user_id" in client.session
    sign_in(client)
    half_way = client.get(reverse("admin:index"), follow=True)

    assert page.redirect_chain[-1][0].startswith(reverse("account_login"))
    assert by_the_admins_own_form is False
    assert half_way.redirect_chain[-1][0] == reverse("mfa_authenticate")


def test_the_options_for_a_passkey_are_given_to_anybody(client, db):
    response = client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})

    assert set(response.json()) == {"request_options"}
