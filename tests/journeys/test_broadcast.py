"""An operator tells both shops something, watches it go, and takes it back; an emergency takes two of them."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from notifications import delivery
from notifications.channels.email.channel import EmailChannel
from notifications.channels.email.smtp.server import Server
from notifications.channels.registry import CHANNELS
from notifications.models import Broadcast, Notification
from notifications.operations.broadcasts import chunks, work_off_due
from notifications.types.enums import Channel
from tests.conftest import make_operator
from tests.waiting import LIMIT_SECONDS

from .conftest import NARROW, WIDE


@pytest.fixture
def olivia(db: None) -> User:
    return make_operator("olivia@ok.test", "Olivia Berg", is_superuser=True)


@pytest.fixture
def relay(mailbox, settings, monkeypatch):
    """Notifications go where the site's own mail goes."""
    channel = EmailChannel(
        Server("127.0.0.1", settings.EMAIL_PORT),
        sender="SellerHub <hub@sellers.test>",
        connections=1,
        timeout=LIMIT_SECONDS,
    )
    monkeypatch.setitem(CHANNELS, Channel.EMAIL, lambda: channel)
    yield mailbox
    channel.close()


def write(page: Page, kind: str, **fields: str) -> None:
    page.goto(reverse("admin:notifications_broadcast_add"))
    page.get_by_label("Kind").select_option(kind)
    for label, words in fields.items():
        page.locator(f"#id_{label}").fill(words)
    page.get_by_role("button", name="Save and continue editing").click()


SALE = {
    "title_ja": "年末セールの参加申し込みを受け付けています",
    "title_en": "Sign up for the year-end sale",
    "body_ja": "12月11日から開催します。\n\n申し込みは12月4日までです。",
    "body_en": "It starts on 11 December.\n\nSign up by 4 December.",
}
QUAKE = {
    "title_ja": "関東地方で大きな地震がありました",
    "title_en": "A strong earthquake in Kanto",
    "body_ja": "配送に遅れが出ています。",
    "body_en": "Shipments are delayed.",
    "region_ja": "関東地方",
    "region_en": "Kanto",
}


def test_a_broadcast_to_both_shops(open_browser, check_page, hanako, mika, omar, relay, monkeypatch):
    monkeypatch.setattr(chunks, "CHUNK", 1)
    page = open_browser(omar)

    write(page, "business_update", **SALE)
    page.get_by_role("link", name="Preview").click()
    expect(page.frame_locator("iframe >> nth=0").get_by_role("heading", name=SALE["title_en"])).to_be_visible()
    expect(page.frame_locator("iframe >> nth=1").get_by_role("heading", name=SALE["title_en"])).to_be_visible()
    expect(page.get_by_text("This type is not told on LINE.")).to_be_visible()
    page.get_by_role("link", name="日本語").click()
    expect(page.frame_locator("iframe >> nth=0").get_by_role("heading", name=SALE["title_ja"])).to_be_visible()
    page.get_by_role("button", name="Send a test to omar@ok.test").click()
    expect(page.get_by_text("The test went to omar@ok.test.")).to_be_visible()
    assert SALE["body_en"].splitlines()[0] in relay.text_to("omar@ok.test")

    page.get_by_role("link", name=SALE["title_ja"]).click()
    page.get_by_role("link", name="Release…").click()
    expect(page.get_by_text("2 sellers will be told.")).to_be_visible()
    page.get_by_role("button", name="Release").click()
    expect(page.get_by_text("It begins in a moment.")).to_be_visible()
    chunks.step()
    expect(page.get_by_text("1 of 2 sellers have been told.")).to_be_visible()
    work_off_due(max_seconds=LIMIT_SECONDS)
    expect(page.get_by_text("2 of 2 sellers have been told.")).to_be_visible()
    expect(page.get_by_role("link", name="Take back…")).to_be_visible()

    delivery.run(max_seconds=LIMIT_SECONDS)
    assert SALE["body_ja"].splitlines()[0] in relay.text_to("hanako@ok.test")
    assert SALE["body_en"].splitlines()[0] in relay.text_to("mika@ok.test")


def test_an_emergency_takes_two_and_is_taken_back(open_browser, check_page, shop, hanako, mika, omar, olivia, relay):
    page, other = open_browser(omar), open_browser(olivia)

    write(page, "emergency_notice", **QUAKE)
    page.get_by_role("link", name="Preview").click()
    expect(page.locator(".bubble").get_by_text(QUAKE["title_en"])).to_be_visible()
    page.get_by_role("link", name=QUAKE["title_ja"]).click()
    page.get_by_role("link", name="Release…").click()
    page.get_by_role("button", name="Release").click()
    expect(page.get_by_text("Somebody other than you must confirm it; then it goes at once.")).to_be_visible()
    work_off_due(max_seconds=LIMIT_SECONDS)
    assert Notification.objects.count() == 0

    other.goto(reverse("admin:notifications_broadcast_change", args=[Broadcast.objects.get().pk]))
    other.get_by_role("link", name="Confirm…").click()
    expect(other.get_by_text("2 sellers will be told.")).to_be_visible()
    other.get_by_role("button", name="Confirm").click()
    work_off_due(max_seconds=LIMIT_SECONDS)
    delivery.run(max_seconds=LIMIT_SECONDS)
    expect(other.get_by_text("2 of 2 sellers have been told.")).to_be_visible()

    other.get_by_role("link", name="Take back…").click()
    other.get_by_label("Correction in Japanese").fill("地震は訓練でした。配送に影響はありません。")
    other.get_by_label("Correction in English").fill("It was a drill. Shipments are not affected.")
    other.get_by_role("button", name="Take back").click()
    work_off_due(max_seconds=LIMIT_SECONDS)
    expect(other.get_by_text("Notices that show the correction: 2.")).to_be_visible()

    for size in (NARROW, WIDE):
        sellers = open_browser(hanako, size=size)
        sellers.goto(reverse("notifications:centre", args=[shop.public_id]))
        expect(sellers.get_by_text("地震は訓練でした。配送に影響はありません。").first).to_be_visible()
        check_page(sellers, "recalled-list")
        sellers.locator(".news-recalled").click()
        expect(sellers.locator(".recalled")).to_contain_text("地震は訓練でした。")
        expect(sellers.get_by_text(QUAKE["body_ja"])).not_to_be_visible()
        check_page(sellers, "recalled-notice")
    delivery.run(max_seconds=LIMIT_SECONDS)
    assert "It was a drill." in relay.text_to("mika@ok.test")


def test_it_can_be_watched_without_javascript(open_browser, hanako, omar):
    page = open_browser(omar, javascript=False)
    broadcast = Broadcast.objects.create(type="business_update", created_by=omar, **SALE)

    page.goto(reverse("admin:notifications_broadcast_release", args=[broadcast.pk]))
    page.get_by_role("button", name="Release").click()
    work_off_due(max_seconds=LIMIT_SECONDS)
    page.reload()

    expect(page.get_by_text("1 of 1 sellers have been told.")).to_be_visible()
