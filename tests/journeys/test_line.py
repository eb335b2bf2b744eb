"""Linking LINE on a phone, in both ways, and everything that stops it."""

import re
from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from notifications.models import LineLink, LinkAttempt
from notifications.types.enums import LinkState
from tests.conftest import PASSWORD
from tests.line_world import LineWorld, line_world
from tests.notifications.line_bot.conftest import make_link

from .conftest import NARROW, WIDE


@pytest.fixture
def line(site: str, settings) -> Iterator[LineWorld]:
    with line_world(site) as world:
        settings.LINE = world.server
        yield world


@pytest.fixture
def flower(line: LineWorld):
    return line.person("花子")


def on_the_phone(page: Page, line: LineWorld, person) -> None:
    page.goto(f"{line.url}/line/phone/{person.id}?still=1")


def chat_of(page: Page, line: LineWorld, person) -> Page:
    page.goto(f"{line.url}/line/phone/{person.id}/chat?still=1")
    return page


def tap(page: Page, line: LineWorld, person, label: str) -> None:
    """The newest button of that label in the chat."""
    chat_of(page, line, person).get_by_role("button", name=label, exact=True).last.click()
    line.settle()


def link_in_the_chat(page: Page, line: LineWorld, person) -> str:
    tap(page, line, person, "ショップを連携")
    opener = chat_of(page, line, person).get_by_role("link", name="ページを開く").last
    return str(opener.get_attribute("href"))


def sign_in(page: Page, user: User) -> None:
    page.fill("input[name=login]", user.email)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")


def settings_page(shop) -> str:
    return reverse("notifications:line", args=[shop.public_id])


def test_from_the_chat(open_browser, check_page, line, flower, shop, hanako):
    page = open_browser(size=NARROW)

    on_the_phone(page, line, flower)
    page.get_by_role("button", name="Add as a friend").click()
    line.settle()
    page.goto(link_in_the_chat(page, line, flower))
    sign_in(page, hanako)
    expect(page.locator("h1")).to_have_text("このLINEアカウントを連携しますか？")
    check_page(page, "line-consent")
    consent = page.url
    page.get_by_role("button", name="同意する").click()
    page.wait_for_url(re.compile("/dialog/bot/accountLink"))
    page.goto(consent)
    expect(page.locator("h1")).to_have_text("LINEの応答を待っています")
    check_page(page, "line-waiting")
    line.settle()

    expect(page.locator("h1")).to_have_text("連携済み")  # the page asked again by itself
    check_page(page, "line-linked")
    expect(chat_of(page, line, flower).locator("body")).to_contain_text("「花子の器」と連携しました")
    assert LineLink.objects.get().state == LinkState.LIVE


def test_from_the_site_without_javascript(open_browser, check_page, line, flower, shop, hanako):
    page = open_browser(hanako, size=NARROW, javascript=False)
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)

    page.goto(settings_page(shop))
    page.get_by_role("button", name="LINEアカウントを連携").click()
    page.locator(f"input[value={flower.id}]").check()
    page.get_by_role("button", name="Allow").click()
    page.get_by_role("button", name="同意する").click()

    expect(page.locator("main")).to_contain_text("連携しました。「花子の器」の通知がLINEにも届くようになりました。")
    line.settle()
    assert LineLink.objects.get().state == LinkState.LIVE
    assert errors == []


def test_a_secondary_user_is_told_who_can(open_browser, check_page, line, flower, shop, hanako, taro):
    line.follow(flower)
    page = open_browser(size=NARROW)

    page.goto(link_in_the_chat(page, line, flower))
    sign_in(page, taro)

    expect(page.locator("h1")).to_have_text("LINEを連携できるのはプライマリーユーザーのみです")
    expect(page.locator("main")).to_contain_text("プライマリーユーザーは山田 花子さんです")
    check_page(page, "line-secondary")
    assert not LineLink.objects.exists()


def test_denied_at_line_and_on_our_page(open_browser, check_page, line, flower, shop, hanako):
    page = open_browser(hanako, size=NARROW)

    page.goto(settings_page(shop))
    page.get_by_role("button", name="LINEアカウントを連携").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("h1")).to_have_text("LINEで同意がキャンセルされました")
    check_page(page, "line-denied-at-line")
    page.get_by_role("button", name="最初からやり直す").click()
    page.locator(f"input[value={flower.id}]").check()
    page.get_by_role("button", name="Allow").click()
    page.get_by_role("button", name="同意しない").click()

    expect(page.locator("h1")).to_have_text("連携は行われていません")
    check_page(page, "line-denied")
    assert not LineLink.objects.exists()


def test_an_expired_link(open_browser, check_page, line, flower, shop, hanako):
    line.follow(flower)
    page = open_browser(hanako, size=NARROW)
    link = link_in_the_chat(page, line, flower)
    LinkAttempt.objects.update(expires_at="2020-01-01T00:00Z")

    page.goto(link)

    expect(page.locator("h1")).to_have_text("このリンクは期限切れです")
    check_page(page, "line-expired")


def test_replacing_another_account_is_a_choice(open_browser, check_page, line, flower, shop, hanako):
    line.person("Emma").friend = True
    make_link(shop, hanako, line.person("Emma"))
    line.follow(flower)
    page = open_browser(hanako, size=NARROW)

    page.goto(link_in_the_chat(page, line, flower))
    check_page(page, "line-replace")
    page.get_by_label("「Emma」との連携を解除し").check()
    page.get_by_role("button", name="同意する").click()
    page.wait_for_url(re.compile("/dialog/bot/accountLink"))
    line.settle()

    links = dict(LineLink.objects.values_list("line_user_id", "state"))
    assert links == {line.person("Emma").id: LinkState.ENDED, flower.id: LinkState.LIVE}


def test_another_shop_s_owner_came_back_from_line(
    open_browser, check_page, line, flower, shop, hanako, other_shop, mika
):
    page = open_browser(hanako, size=NARROW)
    page.goto(settings_page(shop))
    page.get_by_role("button", name="LINEアカウントを連携").click()
    at_line = page.url
    other = open_browser(mika, size=NARROW)

    other.goto(at_line)
    other.locator(f"input[value={flower.id}]").check()
    other.get_by_role("button", name="Allow").click()

    expect(other.locator("h1")).to_have_text("Somebody else began this")
    expect(other.locator("main")).to_contain_text("花子の器")
    expect(other.locator("main")).to_contain_text("Mika Tanaka")
    check_page(other, "line-other-person")
    assert not LineLink.objects.exists()


def test_block_unblock_link_again(open_browser, check_page, line, flower, shop, hanako):
    flower.friend = True
    make_link(shop, hanako, flower)
    phone, page = open_browser(size=NARROW), open_browser(hanako, size=NARROW)

    on_the_phone(phone, line, flower)
    phone.get_by_role("button", name="Block").click()
    line.settle()
    page.goto(reverse("home", args=[shop.public_id]))
    expect(page.locator("#alerts")).to_be_visible()
    check_page(page, "home-line-blocked")
    page.get_by_role("link", name="LINEの受信を再開する方法").click()
    check_page(page, "line-blocked")
    on_the_phone(phone, line, flower)
    phone.get_by_role("button", name="Unblock").click()
    line.settle()
    page.reload()
    expect(page.locator("main")).to_contain_text("要再連携")
    page.get_by_role("button", name="LINEを再連携").click()
    page.locator(f"input[value={flower.id}]").check()
    page.get_by_role("button", name="Allow").click()
    page.get_by_role("button", name="同意する").click()

    expect(page.locator("main .chip-good")).to_have_text("連携済み")
    page.goto(reverse("home", args=[shop.public_id]))
    expect(page.locator("#alerts")).to_have_count(0)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_pages_of_line_read_well(open_browser, check_page, line, flower, shop, hanako, taro, language, size):
    User.objects.update(language=language)
    hanako.refresh_from_db()
    taro.refresh_from_db()
    page = open_browser(hanako, size=size)

    page.goto(settings_page(shop))
    check_page(page, "line-not-linked")
    flower.friend = True
    link = make_link(shop, hanako, flower)
    for state in (LinkState.LIVE, LinkState.WAITING, LinkState.BLOCKED, LinkState.UNBLOCKED):
        LineLink.objects.filter(pk=link.pk).update(state=state)
        page.goto(settings_page(shop))
        check_page(page, f"line-{state}")
        page.goto(reverse("home", args=[shop.public_id]))
        check_page(page, f"home-line-{state}")
    page.goto(reverse("notifications:line_unlink", args=[shop.public_id]))
    check_page(page, "line-unlink")
    page.goto(reverse("notifications:edit_group", args=[shop.public_id, "health"]))
    check_page(page, "options-line-edit")
    page.goto(reverse("accounts:hand_over", args=[shop.public_id]))
    check_page(page, "hand-over-line")
    page.goto("/line/link/nobody-knows/")
    check_page(page, "line-unknown")
    other = open_browser(taro, size=size)
    other.goto(settings_page(shop))
    check_page(other, "line-secondary-settings")
