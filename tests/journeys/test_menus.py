"""The menus of the top bar: on a phone, by keyboard, with and without scripts."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from .conftest import NARROW


@pytest.mark.parametrize("javascript", [True, False])
def test_menus_stand_inside_the_window_and_one_at_a_time(open_browser, shop, hanako, javascript):
    page = open_browser(hanako, size=NARROW, javascript=javascript)
    page.goto(reverse("home", args=[shop.public_id]))
    of_shop, of_person = page.locator(".topbar .menu").first, page.locator(".topbar .menu").last

    for menu in (of_shop, of_person):
        menu.locator("summary").click()
        box = menu.locator(".menu-body").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= NARROW[0]

    expect(of_shop.locator(".menu-body")).to_be_hidden()


def test_escape_and_a_click_beside_it_close_a_menu(open_browser, shop, hanako):
    page = open_browser(hanako)
    page.goto(reverse("home", args=[shop.public_id]))
    menu = page.locator(".topbar .menu").first

    menu.locator("summary").press("Enter")
    menu.get_by_role("link").first.focus()
    page.keyboard.press("Escape")

    expect(menu.locator(".menu-body")).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()
    menu.locator("summary").click()
    page.locator("h1").click()
    expect(menu.locator(".menu-body")).to_be_hidden()


def test_pages_about_oneself_lead_back_to_the_shop(open_browser, shop, hanako):
    page = open_browser(hanako, size=NARROW)
    page.goto(reverse("accounts:profile"))

    page.locator(".topbar").get_by_role("link", name="ホームへ").click()

    expect(page.locator("h1")).to_have_text(shop.name)
