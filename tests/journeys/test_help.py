"""The help, as somebody with a question reads it: on a phone and wide, light and dark, without scripts."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import User
from notifications.web import help as handbook

from .conftest import NARROW, WIDE

SLUGS = [page.slug for page in handbook.pages()]


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_page_reads_well(open_browser, check_page, hanako, language, size):
    User.objects.filter(pk=hanako.pk).update(language=language)
    hanako.refresh_from_db()
    page = open_browser(hanako, size=size)

    page.goto(reverse("notifications:help"))
    check_page(page, "help")
    for slug in SLUGS:
        page.goto(reverse("notifications:help_page", args=[slug]))
        check_page(page, f"help-{slug}")


def test_the_dark_look_reads_well(open_browser, check_page, db):
    page = open_browser(size=NARROW)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")

    for slug in SLUGS:
        page.goto(reverse("notifications:help_page", args=[slug]))
        check_page(page, f"help-dark-{slug}")


def test_a_visitor_gets_from_the_sign_in_page_to_an_answer(open_browser, db):
    page = open_browser(size=NARROW, javascript=False)
    page.goto(reverse("account_login"))

    page.locator("footer").get_by_role("link", name="ヘルプ").click()
    page.get_by_role("link", name="メールが届かないとき").click()
    page.locator(".contents").get_by_role("link", name="「保留中」とは何ですか？").click()

    expect(page).to_have_url(re.compile("/help/mail/#held$"))
    expect(page.locator("#held")).to_be_in_viewport()
