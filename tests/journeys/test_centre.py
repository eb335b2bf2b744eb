"""Reading what happened: home, the notification centre, one notification."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import SellerAccount, User
from notifications.ingest.pipeline import Event, notify_many
from notifications.models import Delivery, Notification, Source
from notifications.types.payloads.samples import SAMPLES

from .conftest import NARROW, WIDE


@pytest.fixture
def told(shop: SellerAccount, hanako: User) -> dict[str, Notification]:
    """One notification of every type, by type."""
    source = Source.objects.create(name="Marketplace")
    now = timezone.now()
    notify_many(source, [Event(str(uuid4()), shop.public_id, key, now, data) for key, data in SAMPLES.items()])
    return {row.type: row for row in Notification.objects.filter(account=shop)}


def test_a_seller_finds_reads_and_clears_notifications(open_browser, shop, hanako, told):
    page = open_browser(hanako, javascript=False)
    page.goto(reverse("home", args=[shop.public_id]))
    expect(page.locator(".topbar .count")).to_contain_text("24")

    page.get_by_role("link", name="すべての通知").click()
    page.fill("#id_q", SAMPLES["return_requested"]["order_id"])
    page.select_option("#id_group", "returns")
    page.locator("form[role=search] button").click()
    found = page.locator(".news", has_text="返品リクエスト")
    expect(found).to_have_count(1)
    found.click()

    expect(page.locator("main h1")).to_contain_text("返品リクエスト")
    expect(page.locator(".topbar .count")).to_contain_text("23")
    page.goto(reverse("notifications:centre", args=[shop.public_id]))
    page.get_by_role("button", name="すべて既読にする").click()
    expect(page.locator(".topbar .count")).to_have_count(0)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_pages_read_well(open_browser, check_page, shop, hanako, told, language, size):
    User.objects.filter(pk=hanako.pk).update(language=language)
    hanako.refresh_from_db()
    delivery = Delivery.objects.filter(notification=told["account_suspended"]).get()
    Delivery.objects.filter(pk=delivery.pk).update(
        status="failed", completed_at=timezone.now(), answer="552 5.2.2 Mailbox full"
    )
    page = open_browser(hanako, size=size)

    for name, url in {
        "home": reverse("home", args=[shop.public_id]),
        "centre": reverse("notifications:centre", args=[shop.public_id]),
        "centre-nothing-found": reverse("notifications:centre", args=[shop.public_id]) + "?q=999",
        "notification-order": reverse("notifications:detail", args=[shop.public_id, told["order_confirmed"].pk]),
        "notification-suspended": reverse("notifications:detail", args=[shop.public_id, told["account_suspended"].pk]),
    }.items():
        page.goto(url)
        check_page(page, name)


def test_every_type_has_a_page_that_reads_well(open_browser, check_page, shop, hanako, told):
    page = open_browser(hanako, size=NARROW)

    for key, row in told.items():
        page.goto(reverse("notifications:detail", args=[shop.public_id, row.pk]))
        check_page(page, f"type-{key}")


def test_the_dark_look_follows_the_system_and_the_choice(open_browser, check_page, shop, hanako, told):
    page = open_browser(hanako)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")

    page.goto(reverse("home", args=[shop.public_id]))
    check_page(page, "home-dark")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.locator("footer button[value=light]").click()

    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")
