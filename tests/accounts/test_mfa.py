"""Authenticator app, recovery codes and passkeys."""

import json
import time

import pytest
import time_machine
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from cryptography.fernet import InvalidToken
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


def test_the_code_of_the_app_signs_in(client, secret, hanako):
    sign_in(client)

    with time_machine.travel(time.time() + 60, tick=False):  # the code of this moment switched the app on
        client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})

        assert client.session["_auth_user_id"] == str(hanako.pk)


@pytest.mark.parametrize(("seconds_late", "inside"), [(30, True), (60, False)])
def test_a_code_is_taken_one_step_late_and_no_later(client, secret, seconds_late, inside):
    sign_in(client)
    typed = time.time() // 30 * 30 + 300
    code = format_hotp_value(hotp_value(secret, int(typed) // 30))

    with time_machine.travel(typed + seconds_late, tick=False):
        client.post(reverse("mfa_authenticate"), {"code": code})

        assert ("_auth_user_id" in client.session) is inside


def test_the_database_holds_no_secret_in_plain_text(secret):
    app = Authenticator.objects.get(type="totp")
    codes = Authenticator.objects.get(type="recovery_codes")

    assert secret not in json.dumps(app.data)
    assert get_adapter().decrypt(app.data["secret"]) == secret
    seed = get_adapter().decrypt(codes.data["seed"])
    assert len(seed) == 80
    assert seed not in json.dumps(codes.data)


def test_second_steps_outlive_a_new_secret_key(client, secret, hanako, settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-" + "k" * 60, [settings.SECRET_KEY]
    sign_in(client)

    with time_machine.travel(time.time() + 60, tick=False):
        client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})

        assert client.session["_auth_user_id"] == str(hanako.pk)


def test_what_is_encrypted_anew_needs_the_new_key_alone(settings):
    former = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-" + "k" * 60, [former]
    first, second = get_adapter().encrypt("JBSWY3DP"), get_adapter().encrypt("JBSWY3DP")

    settings.SECRET_KEY_FALLBACKS = []
    assert get_adapter().decrypt(first) == get_adapter().decrypt(second) == "JBSWY3DP"
    assert first != second
    settings.SECRET_KEY = former
    with pytest.raises(InvalidToken):
        get_adapter().decrypt(first)


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
