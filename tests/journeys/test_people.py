"""Opening a shop, sharing it, and signing in without a password."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import Membership, SellerAccount, User
from tests.conftest import PASSWORD

from .conftest import NARROW, WIDE

NEW_PASSWORD = "kani-to-tanuki-77"


def link_in(text: str, part: str) -> str:
    found = re.search(rf"http\S+{part}\S+", text)
    assert found, f"no link with {part} in the mail"
    return found[0]


def send(page: Page) -> None:
    page.locator("main form button:not([name])").first.click()


def test_a_person_opens_a_shop_on_a_phone(db, open_browser, check_page, mailbox):
    page = open_browser(size=NARROW)

    page.goto(reverse("account_signup"))
    check_page(page, "sign-up")
    page.fill("input[name=name]", "鈴木 一郎")
    page.fill("input[name=shop_name]", "一郎の道具店")
    page.fill("input[name=email]", "ichiro@ok.test")
    page.fill("input[name=password1]", NEW_PASSWORD)
    send(page)
    check_page(page, "confirm-your-address")
    page.goto(link_in(mailbox.text_to("ichiro@ok.test"), "confirm-email/"))
    check_page(page, "confirm-sign-up")
    send(page)
    page.goto("/")

    expect(page.locator("h1")).to_have_text("一郎の道具店")
    expect(page.locator(".checklist")).to_be_visible()
    check_page(page, "home-empty")
    membership = Membership.objects.select_related("user", "account").get(account__name="一郎の道具店")
    assert (membership.user.email, membership.is_primary) == ("ichiro@ok.test", True)
    assert membership.account.language == "ja"


def test_a_secondary_user_comes_in_by_invitation_and_sees_what_they_may(
    open_browser, check_page, mailbox, shop, hanako
):
    owner = open_browser(hanako)
    owner.goto(reverse("accounts:invite", args=[shop.public_id]))
    check_page(owner, "invite")
    owner.fill("input[name=email]", "Jiro@OK.test")
    send(owner)
    guest = open_browser(size=NARROW)

    guest.goto(link_in(mailbox.text_to("jiro@ok.test"), "/invitations/"))
    check_page(guest, "invitation")
    guest.locator("main a.btn, main form button").first.click()
    check_page(guest, "invitation-sign-up")
    guest.fill("input[name=name]", "高橋 二郎")
    guest.fill("input[name=password1]", NEW_PASSWORD)
    send(guest)
    guest.goto(reverse("accounts:members", args=[shop.public_id]))

    expect(guest.locator("main")).to_contain_text("高橋 二郎")
    check_page(guest, "members-secondary")
    assert SellerAccount.objects.count() == 1
    assert Membership.objects.get(user__email="jiro@ok.test").is_primary is False
    guest.goto(reverse("accounts:invite", args=[shop.public_id]))
    expect(guest.locator("main")).to_contain_text("山田 花子")
    check_page(guest, "not-allowed")


def test_a_passkey_signs_in_under_the_strict_policy(open_browser, hanako):
    page = open_browser()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
            }
        },
    )
    page.goto(reverse("account_login"))
    page.fill("input[name=login]", hanako.email)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.goto(reverse("mfa_add_webauthn"))
    if page.locator("input[name=password]").count():
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
    page.check("input[name=passwordless]")
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(lambda url: "webauthn/add" not in url)
    page.context.clear_cookies()

    page.goto(reverse("account_login"))
    page.locator("#passkey_login").click()

    expect(page.locator("h1")).to_have_text("花子の器")
    assert complaints == []


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_pages_of_people_read_well(open_browser, check_page, shop, hanako, taro, language, size):
    User.objects.filter(pk=hanako.pk).update(language=language)
    hanako.refresh_from_db()
    page = open_browser(hanako, size=size)
    seller = shop.public_id

    for name, url in {
        "profile": reverse("accounts:profile"),
        "shops": reverse("accounts:shops"),
        "open-shop": reverse("accounts:open_shop"),
        "shop-details": reverse("accounts:shop", args=[seller]),
        "members": reverse("accounts:members", args=[seller]),
        "hand-over": reverse("accounts:hand_over", args=[seller]),
        "remove-member": reverse("accounts:remove", args=[seller, taro.memberships.get().public_id]),
        "e-mail": reverse("account_email"),
        "password": reverse("account_change_password"),
        "mfa": reverse("mfa_index"),
        "sessions": reverse("usersessions_list"),
        "sign-out": reverse("account_logout"),
    }.items():
        page.goto(url)
        check_page(page, name)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_pages_for_strangers_read_well(db, open_browser, check_page, language, size):
    page = open_browser(size=size)
    page.goto(reverse("account_login"))
    page.locator(f"footer button[value={language}]").click()

    for name, url in {
        "sign-in": reverse("account_login"),
        "sign-up": reverse("account_signup"),
        "reset-password": reverse("account_reset_password"),
        "not-found": "/nowhere/",
        "api": "/api/v1/docs",
    }.items():
        page.goto(url)
        check_page(page, name)
