"""Choosing what goes where: with and without scripts, in both languages, on a desk and on a phone."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from notifications import tasks
from notifications.models import Address, Preference
from notifications.recipients import email_addresses, emergency_phone, preferences
from notifications.recipients.preferences import PreferenceInput
from tests.conftest import PASSWORD

from .conftest import NARROW, WIDE


def options_url(shop) -> str:
    return reverse("notifications:options", args=[shop.public_id])


def test_a_seller_adds_and_confirms_an_address_and_switches_fba_orders_on(site, open_browser, mailbox, shop, hanako):
    page = open_browser(javascript=False)

    page.goto(options_url(shop))
    page.locator("input[name=login]").fill(hanako.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.locator("#orders").get_by_role("link", name="編集").click()
    fba = page.locator("#fba_order_confirmed")
    fba.locator("input[name=fba_order_confirmed-email]").check()
    fba.locator("input[name=fba_order_confirmed-new]").fill("ｓｏｕｋｏ＠ＯＫ．ｔｅｓｔ")
    fba.get_by_role("button", name="別のメールアドレスを追加").click()
    expect(fba.locator("input[name=fba_order_confirmed-new]")).to_have_count(2)
    page.locator(".actions").get_by_role("button", name="保存", exact=True).click()

    row = page.locator("#orders tr", has_text="souko@ok.test")
    expect(row).to_contain_text("未確認")
    tasks.send_settings_mail()
    link = re.search(r"http\S+/addresses/confirm/\S+", mailbox.text_to("souko@ok.test"))[0]
    stranger = open_browser()
    stranger.goto(link)
    stranger.get_by_role("main").get_by_role("button").click()
    expect(stranger.locator("h1")).to_have_text("メールアドレスの確認が完了しました")
    page.reload()
    expect(row).not_to_contain_text("未確認")
    assert preferences.load_all(shop)["fba_order_confirmed"].email is True


def test_cancel_leaves_no_trace(site, open_browser, mailbox, shop, hanako):
    page = open_browser(hanako)
    page.goto(reverse("notifications:edit_group", args=[shop.public_id, "listings"]))

    page.locator("input[name=listing_created-email]").check()
    page.locator("input[name=listing_created-new]").fill("new@ok.test")
    page.get_by_role("link", name="キャンセル").click()

    expect(page).to_have_url(re.compile(r"/settings/notifications/$"))
    tasks.send_settings_mail()
    assert Preference.objects.count() == 0
    assert [address.email for address in Address.objects.all()] == ["hanako@ok.test"]
    assert shop.history.count() == 0
    assert mailbox.messages == []


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_pages_read_well(open_browser, check_page, shop, hanako, taro, language, size):
    hanako.language = language
    hanako.save()
    warehouse, office = email_addresses.add_missing(shop, ["souko@hanako-ceramics.example", "office@ok.test"], by=taro)
    email_addresses.confirm(office)
    preferences.save(
        shop,
        {
            "order_confirmed": PreferenceInput(email=True, addresses=(warehouse.pk, office.pk)),
            "fba_order_confirmed": PreferenceInput(email=True, addresses=(warehouse.pk,)),
            "disbursement_failed": PreferenceInput(email=True, addresses=(warehouse.pk,)),
            "claim_opened": PreferenceInput(email=False, addresses=()),
        },
        by=taro,
    )
    emergency_phone.set_phone(shop, emergency_phone.parse("090-1234-5678"), by=taro)
    page = open_browser(hanako, size=size)

    def look(name: str, *args: object, as_: str = "") -> None:
        page.goto(reverse(f"notifications:{name}", args=[shop.public_id, *args]))
        check_page(page, f"preferences-{as_ or name}")

    look("options")
    look("edit_group", "orders")
    look("edit_group", "health", as_="edit_health")
    look("addresses")
    look("address_language", warehouse.pk)
    look("remove_address", warehouse.pk)
    look("emergency")
    look("remove_emergency")
    look("changes")

    page.goto(reverse("notifications:edit_group", args=[shop.public_id, "orders"]))
    page.locator("input[name=order_confirmed-new]").fill("nobody")
    page.locator("input[name=fba_inbound_shipment-email]").check()
    page.locator("input[name^=fba_inbound_shipment-addresses]").first.uncheck()
    page.locator(".actions button.btn-primary").click()
    check_page(page, "preferences-errors")

    page.goto(reverse("notifications:edit_group", args=[shop.public_id, "orders"]))
    preferences.save(shop, {"order_confirmed": PreferenceInput(email=True, addresses=(), seen_version=1)}, by=taro)
    page.locator("input[name=order_confirmed-email]").uncheck()
    page.locator(".actions button.btn-primary").click()
    check_page(page, "preferences-conflict")

    page.goto(reverse("notifications:confirm_address", args=[email_addresses.confirmation.token_for(warehouse)]))
    check_page(page, "preferences-confirm")


def test_a_secondary_user_reads_who_could_change_it(open_browser, check_page, shop, hanako, taro):
    page = open_browser(taro, size=NARROW)

    page.goto(options_url(shop))

    expect(page.get_by_role("link", name="編集")).to_have_count(0)
    expect(page.get_by_role("main")).to_contain_text("山田 花子")
    check_page(page, "preferences-secondary")


def test_the_button_for_another_row_keeps_what_was_typed_with_scripts_too(open_browser, shop, hanako):
    page = open_browser(hanako)
    page.goto(reverse("notifications:edit_group", args=[shop.public_id, "orders"]))
    page.locator("input[name=order_confirmed-new]").fill("first@ok.test")

    page.locator("#order_confirmed").get_by_role("button", name="別のメールアドレスを追加").click()

    rows = page.locator("input[name=order_confirmed-new]")
    expect(rows).to_have_count(2)
    expect(rows.first).to_have_value("first@ok.test")
    expect(rows.last).to_be_focused()
    assert Address.objects.filter(email="first@ok.test").count() == 0


def test_enter_saves_rather_than_adding_a_row(open_browser, shop, hanako):
    page = open_browser(hanako, javascript=False)
    page.goto(reverse("notifications:edit_group", args=[shop.public_id, "orders"]))

    page.locator("input[name=order_confirmed-new]").fill("office@ok.test")
    page.locator("input[name=order_confirmed-new]").press("Enter")

    expect(page).to_have_url(re.compile(r"/settings/notifications/$"))
    assert Address.objects.filter(email="office@ok.test").count() == 1


def test_pages_read_well_in_the_dark(open_browser, check_page, shop, hanako, site):
    email_addresses.add(shop, "office@ok.test", by=hanako)
    page = open_browser(hanako)
    page.context.add_cookies([{"name": "theme", "value": "dark", "url": site}])

    for name, arguments in {"options": [], "edit_group": ["health"], "addresses": [], "emergency": []}.items():
        page.goto(reverse(f"notifications:{name}", args=[shop.public_id, *arguments]))
        check_page(page, f"preferences-dark-{name}")
