"""Attacks that were tried on the site: each test is one of them, and fails when its defence is taken away."""

import json
import logging
import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.members import invitations
from accounts.models import HistoryEntry, Invitation, SellerAccount, User
from notifications.ingest.api_keys import add_source
from notifications.models import Delivery, Notification, SkippedRoute
from notifications.recipients import email_addresses
from notifications.recipients.email_addresses.confirmation import token_for
from notifications.types.enums import AddressState
from notifications.types.payloads.samples import SAMPLES
from sellerhub.logs import DiscreetFormatter
from tests.conftest import PASSWORD, make_operator

SIGN_UP = {
    "name": "Jiro",
    "shop_name": "Jiro Tools",
    "password1": "a-long-Passphrase-9",
    "time_zone": "Asia/Tokyo",
}


@pytest.fixture(autouse=True)
def own_cache(settings: Any) -> Any:
    """Limits that nobody else uses up."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def client() -> Client:
    """Sees the error page, as an attacker would."""
    return Client(raise_request_exception=False)


def sign_in(client: Client, email: str, **more: Any) -> int:
    return client.post(reverse("account_login"), {"login": email, "password": PASSWORD}, **more).status_code


def post_events(client: Client, events: list[dict[str, object]], *, source: str = "orders") -> Any:
    _source, key = add_source(source)
    return client.post(
        "/api/v1/events",
        json.dumps({"events": events}),
        content_type="application/json",
        headers={"authorization": f"Bearer {key}"},
    )


# --- Input that the database or the mail cannot hold ---------------------------------------------------------


def test_one_event_with_nul_between_day_and_time_does_not_sink_the_batch(client, shop, hanako):
    def event(key: str, ship_by: str) -> dict[str, object]:
        return {
            "id": key,
            "seller": shop.public_id,
            "type": "order_confirmed",
            "occurred_at": timezone.now().isoformat(),
            "data": SAMPLES["order_confirmed"] | {"order_id": key, "ship_by": ship_by},
        }

    response = post_events(
        client, [event("good", "2026-11-23T12:00:00+09:00"), event("bad", "2026-11-23\x0012:00:00+09:00")]
    )

    assert response.status_code == 200
    assert [result["status"] for result in response.json()["results"]] == ["accepted", "refused"]
    assert [row.event_id for row in Notification.objects.all()] == ["good"]


def test_nul_for_a_shop_is_a_page_that_does_not_exist(client, hanako):
    client.force_login(hanako)

    response = client.get("/shops/%00/")

    assert response.status_code == 404


@pytest.mark.parametrize(
    "email",
    [
        "jiro@" + ".".join(["b" * 50] * 5) + ".jp",
        "jiro@" + "ü" * 60 + ".jp",
        "jiro@\ua7cb.jp",
        "jıro@ok.test",
    ],
    ids=["longer-than-the-column", "longer-in-idna", "lower-case-for-python-alone", "dotless-i"],
)
def test_an_address_that_no_mail_could_be_sent_to_is_refused(client, shop, hanako, mailoutbox, email):
    signed_up = client.post(reverse("account_signup"), SIGN_UP | {"email": email})
    asked = client.post(reverse("account_reset_password"), {"email": email})
    client.force_login(hanako)
    invited = client.post(reverse("accounts:invite", args=[shop.public_id]), {"email": email})

    assert [set(response.context["form"].errors) for response in (signed_up, asked, invited)] == [{"email"}] * 3
    assert (User.objects.count(), Invitation.objects.count(), mailoutbox) == (1, 0, [])


def test_letters_that_nobody_sees_do_not_get_into_names(client, shop, hanako):
    client.force_login(hanako)
    address = reverse("accounts:shop", args=[shop.public_id])
    details = {"language": "ja", "time_zone": "Asia/Tokyo"}

    blank = client.post(address, details | {"name": "\u200b\u3164\u2060"})
    client.post(address, details | {"name": "Han\u200bako \u202eBooks\x07"})

    shop.refresh_from_db()
    assert set(blank.context["form"].errors) == {"name"}
    assert shop.name == "Hanako Books"


# --- Redirects, hosts, links -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["accounts:set_language", "theme"])
@pytest.mark.parametrize(
    "target",
    [
        *("//evil.test", "/\\evil.test", "\\\\evil.test", "///evil.test", "https:evil.test", "https:///evil.test"),
        *("http://testserver@evil.test", "\t//evil.test", "\x00//evil.test", "javascript:alert(1)"),
    ],
)
def test_nobody_is_sent_elsewhere(client, db, name, target):
    response = client.post(reverse(name), {"language": "en", "theme": "dark", "next": target})

    assert (response.status_code, response["Location"]) == (302, "/")


@pytest.mark.parametrize("name", ["accounts:set_language", "theme"])
def test_the_name_of_a_page_is_no_place_to_go_on_to(client, db, name):
    response = client.post(reverse(name), {"language": "en", "theme": "dark", "next": "home"})

    assert (response.status_code, response["Location"]) == (302, "home")


def test_links_in_mail_name_our_host_whatever_the_request_says(client, hanako, mailoutbox, settings):
    settings.ALLOWED_HOSTS = ["*"]

    for address, typed in (
        ("account_reset_password", {"email": "hanako@ok.test"}),
        ("account_reset_password", {"email": "nobody@ok.test"}),
        ("account_signup", SIGN_UP | {"email": "hanako@ok.test"}),
        ("account_signup", SIGN_UP | {"email": "jiro@ok.test"}),
    ):
        client.post(reverse(address), typed, headers={"host": "evil.test:8080"})

    links = [re.findall(r"https?://\S+", mail.body) for mail in mailoutbox]
    assert [len(found) for found in links] == [1, 1, 1, 1]
    assert all(found[0].startswith(f"{settings.SITE_URL}/account/") for found in links)


def test_a_confirmation_link_is_for_one_row_of_one_shop(client, shop, hanako, other_shop, mika):
    address = email_addresses.add(shop, "new@ok.test", by=hanako)
    elsewhere = email_addresses.add(other_shop, "new@ok.test", by=mika)
    link = reverse("notifications:confirm_address", args=[token_for(address)])
    email_addresses.remove(address, by=hanako)
    HistoryEntry.objects.all().delete()  # otherwise the address must wait a minute
    again = email_addresses.add(shop, "new@ok.test", by=hanako)

    response = client.post(link)

    for row in (again, elsewhere):
        row.refresh_from_db()
    assert response.status_code == 410
    assert (again.state, elsewhere.state) == (AddressState.UNCONFIRMED, AddressState.UNCONFIRMED)


# --- Taking somebody's place -----------------------------------------------------------------------------------


def test_an_address_that_is_only_claimed_opens_no_invitation(client, shop, hanako, mika):
    """Mika says that boss@ok.test is hers, and tries every button of allauth's page without confirming it."""
    _invitation, token = invitations.invite(shop, "boss@ok.test", by=hanako)
    sign_in(client, "mika@ok.test")
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    client.post(reverse("account_email"), {"action_add": "1", "email": "boss@ok.test"})
    claimed = EmailAddress.objects.get(email="boss@ok.test")
    for action, email in (
        ("action_primary", "boss@ok.test"),
        ("action_remove", "mika@ok.test"),
        ("action_primary", "boss@ok.test"),
    ):
        client.post(reverse("account_email"), {action: "1", "email": email})
    response = client.post(reverse("accounts:accept_invitation", args=[token]))

    mika.refresh_from_db()
    assert (claimed.user, claimed.verified, mika.email) == (mika, False, "mika@ok.test")
    assert response.status_code == 403
    assert list(shop.memberships.values_list("user__email", flat=True)) == ["hanako@ok.test"]


def test_nobody_is_written_to_because_somebody_signed_up_with_their_address(client, db, mailoutbox):
    client.post(reverse("account_signup"), SIGN_UP | {"email": "victim@ok.test"})
    shop = SellerAccount.objects.get()
    event = {
        "id": "1",
        "seller": shop.public_id,
        "type": "account_suspended",
        "occurred_at": timezone.now().isoformat(),
        "data": SAMPLES["account_suspended"],
    }

    [result] = post_events(client, [event]).json()["results"]

    assert result["status"] == "accepted"
    assert not Delivery.objects.exists()
    assert [row.reason for row in SkippedRoute.objects.filter(channel="email")] == ["no_address"]
    assert [mail.to for mail in mailoutbox] == [["victim@ok.test"]]

    EmailAddress.objects.update(verified=True)
    post_again = post_events(client, [event | {"id": "2"}], source="returns")
    assert post_again.json()["results"][0]["status"] == "accepted"
    assert [row.recipient for row in Delivery.objects.all()] == ["victim@ok.test"]


def test_who_is_invited_decides_neither_address_nor_rights(client, shop, hanako):
    _invitation, token = invitations.invite(shop, "jiro@ok.test", by=hanako)
    more = {"email": "other@ok.test", "role": "primary", "edits_notifications": "on", "is_superuser": "on"}

    client.post(reverse("accounts:sign_up_by_invitation", args=[token]), SIGN_UP | more)

    jiro = User.objects.get(email="jiro@ok.test")
    membership = shop.memberships.get(user=jiro)
    assert (jiro.is_staff, jiro.is_superuser) == (False, False)
    assert (membership.role, membership.edits_notifications) == ("secondary", False)
    assert SellerAccount.objects.count() == 1


def test_the_password_of_the_hand_over_cannot_be_guessed(client, shop, hanako, taro):
    sign_in(client, "hanako@ok.test")
    address = reverse("accounts:hand_over", args=[shop.public_id])
    to = str(taro.memberships.get().public_id)

    for guess in range(5):
        client.post(address, {"to": to, "password": f"guess-{guess}"})
    client.post(address, {"to": to, "password": PASSWORD})

    assert shop.memberships.get(role="primary").user == hanako


def test_an_operator_cannot_switch_off_or_become_a_superuser(client, omar):
    staff = make_operator("staff@ok.test", "Staff")
    staff.user_permissions.add(Permission.objects.get(codename="change_user"))
    client.force_login(staff)
    inline = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    profile = {"name": "x", "language": "en", "time_zone": "UTC"}

    client.post(reverse("admin:accounts_user_change", args=[omar.pk]), profile | inline)
    raised = client.post(
        reverse("admin:accounts_user_change", args=[staff.pk]),
        profile | inline | {"is_active": "on", "is_superuser": "on"},
    )

    for user in (omar, staff):
        user.refresh_from_db()
    assert raised.status_code == 302
    assert (omar.is_active, omar.name, staff.is_superuser) == (True, "Omar Haddad", False)


# --- Limits ----------------------------------------------------------------------------------------------------


def failed_sign_ins(client: Client, forwarded: str) -> list[bool]:
    """Whether each of twelve tries, every one for another person, was still heard."""
    heard = []
    for number in range(12):
        response = client.post(
            reverse("account_login"),
            {"login": f"nobody{number}@ok.test", "password": "guess"},
            headers={"x-forwarded-for": forwarded.format(number), "accept-language": "en"},
        )
        heard.append("The e-mail address or the password is wrong." in response.content.decode())
    return heard


def test_a_made_up_client_address_wins_no_further_tries(client, db):
    assert failed_sign_ins(client, "203.0.113.{}") == [True] * 10 + [False] * 2


def test_behind_a_proxy_only_its_own_word_counts(client, db, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    assert failed_sign_ins(client, "203.0.113.{}, 198.51.100.7") == [True] * 10 + [False] * 2


def test_behind_a_proxy_one_visitor_does_not_use_up_the_tries_of_all(client, db, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    assert failed_sign_ins(client, "198.51.100.{}") == [True] * 12


def test_inviting_and_revoking_does_not_fill_a_strangers_mailbox(client, shop, hanako, mailoutbox):
    client.force_login(hanako)

    for _time in range(12):
        client.post(reverse("accounts:invite", args=[shop.public_id]), {"email": "stranger@ok.test"})
        if invitation := Invitation.objects.filter(revoked_at=None).first():
            client.post(reverse("accounts:revoke", args=[shop.public_id, invitation.public_id]))

    assert [mail.to for mail in mailoutbox] == [["stranger@ok.test"]] * 10


# --- What is left behind ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["home", "accounts:members", "notifications:addresses", "notifications:centre"])
def test_no_page_of_a_shop_is_kept_by_browser_or_proxy(client, shop, hanako, name):
    client.force_login(hanako)

    response = client.get(reverse(name, args=[shop.public_id]))

    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")


def test_no_token_of_a_link_gets_into_the_log(client, shop, hanako, mika, caplog):
    _invitation, token = invitations.invite(shop, "jiro@ok.test", by=hanako)
    client.force_login(mika)

    client.get(reverse("accounts:accept_invitation", args=[token]))

    [record] = [one for one in caplog.records if one.name == "django.request"]
    assert DiscreetFormatter().format(record) == "Forbidden: /invitations/…/"


@pytest.mark.parametrize(
    ("written", "logged"),
    [
        ("Gone: /line/link/aB3-secret/", "Gone: /line/link/…/"),
        ('"GET /line/callback/?code=secret&state=secret HTTP/1.1"', '"GET /line/callback/?… HTTP/1.1"'),
    ],
)
def test_no_secret_of_line_gets_into_the_log(written, logged):
    record = logging.LogRecord("x", logging.WARNING, "x", 1, written, (), None)

    assert DiscreetFormatter().format(record) == logged


def test_no_row_that_the_database_refuses_gets_into_the_log(hanako):
    formatter = DiscreetFormatter()
    try:
        User.objects.create_user("hanako@ok.test", PASSWORD, name="Another")
    except IntegrityError as error:
        record = logging.LogRecord("x", logging.ERROR, "x", 1, "Failed", (), (type(error), error, None))

    line = formatter.format(record)

    assert "duplicate key value" in line
    assert "hanako" not in line
