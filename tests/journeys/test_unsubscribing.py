"""From a mail to the end of a notification and back: on a phone, in both languages."""

import re
from collections.abc import Iterator
from email.header import Header, decode_header, make_header
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from notifications import delivery
from notifications.channels.email.channel import EmailChannel
from notifications.channels.email.smtp.server import Server
from notifications.channels.registry import CHANNELS
from notifications.delivery.composing import batch_facts
from notifications.ingest.pipeline import Event, notify_many
from notifications.models import Address, Source
from notifications.recipients import preferences
from notifications.recipients.email_addresses import OPTIONAL_TYPES, unsubscribe, unsubscribe_token
from notifications.recipients.preferences import PreferenceInput
from notifications.types.enums import AddressState, Channel
from notifications.types.payloads.samples import SAMPLES
from tests.waiting import LIMIT_SECONDS

from .conftest import NARROW, WIDE


@pytest.fixture
def mail_road(site, settings, monkeypatch) -> Iterator[None]:
    """Deliveries leave for the mailboxes of the journey."""
    channel = EmailChannel(
        Server("127.0.0.1", settings.EMAIL_PORT),
        sender="SellerHub <hub@sellers.test>",
        connections=1,
        timeout=LIMIT_SECONDS,
    )
    monkeypatch.setitem(CHANNELS, Channel.EMAIL, lambda: channel)
    batch_facts._url.cache_clear()  # knows the address of the site
    yield
    channel.close()
    batch_facts._url.cache_clear()


@pytest.fixture
def office(shop, hanako) -> Address:
    """Receives orders together with Hanako."""
    office = Address.objects.create(account=shop, email="office@ok.test", state=AddressState.ACTIVE)
    default = Address.objects.create(account=shop, email=hanako.email, state=AddressState.ACTIVE)
    wish = PreferenceInput(email=True, addresses=(office.pk, default.pk))
    preferences.save(shop, {"order_confirmed": wish, "claim_opened": wish}, by=hanako)
    return office


def tell(shop, *, order: str) -> None:
    source = Source.objects.get_or_create(name="Marketplace")[0]
    data = SAMPLES["order_confirmed"] | {"order_id": order}
    notify_many(source, [Event(str(uuid4()), shop.public_id, "order_confirmed", timezone.now(), data)])
    delivery.run(max_seconds=LIMIT_SECONDS)


def mails_to(mailbox, email: str) -> list[Header]:
    return [make_header(decode_header(one["Subject"])) for one in mailbox.messages if one["To"] == email]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_recipient_stops_a_notification_from_the_mail_and_takes_it_back(
    open_browser, check_page, mailbox, mail_road, shop, office, language
):
    Address.objects.filter(pk=office.pk).update(language=language)
    tell(shop, order="1")
    link = re.search(r"http\S+/unsubscribe/\S+", mailbox.text_to("office@ok.test"))[0]
    page = open_browser(size=NARROW)

    page.goto(link)
    check_page(page, "unsubscribe-ask")
    tell(shop, order="2")  # whoever looks has stopped nothing
    press(page, "stop")
    check_page(page, "unsubscribe-stopped")
    tell(shop, order="3")
    press(page, "stop_all")
    check_page(page, "unsubscribe-all")
    press(page, "undo")  # as it was before: this one is stopped
    tell(shop, order="4")
    press(page, "undo")
    check_page(page, "unsubscribe-undone")
    tell(shop, order="5")

    assert len(mails_to(mailbox, "office@ok.test")) == 3
    assert len(mails_to(mailbox, "hanako@ok.test")) == 5
    assert not office.unsubscriptions.exists()


def press(page: Page, wish: str) -> None:
    """A button of the page; there is one of each kind at the most."""
    page.locator(f"main button[value={wish}]").click()
    expect(page.locator("main h1")).to_be_visible()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_links_that_are_good_for_nothing_say_why(open_browser, check_page, shop, office, hanako, language):
    Address.objects.filter(pk=office.pk).update(language=language)
    hanako.language = language
    hanako.save()
    page = open_browser(hanako, size=NARROW)
    genuine = unsubscribe_token(office.pk, "claim_opened", office.email)

    def look(token: str, name: str) -> None:
        page.goto(reverse("notifications:unsubscribe", args=[token]))
        check_page(page, f"unsubscribe-{name}")

    look(genuine[:-2], "unknown")
    look(unsubscribe_token(office.pk, "account_at_risk", office.email), "required")
    look(unsubscribe_token(uuid4(), "claim_opened", office.email), "gone")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_settings_say_who_stopped_what(open_browser, check_page, shop, office, hanako, language, size):
    hanako.language = language
    hanako.save()
    default = Address.objects.get(email=hanako.email)
    unsubscribe(office, ["order_confirmed", "claim_opened"])
    unsubscribe(default, OPTIONAL_TYPES)
    page = open_browser(hanako, size=size)

    for name, arguments in {"options": [], "edit_group": ["orders"], "addresses": [], "changes": []}.items():
        page.goto(reverse(f"notifications:{name}", args=[shop.public_id, *arguments]))
        check_page(page, f"unsubscribed-{name}")

    page.goto(reverse("notifications:addresses", args=[shop.public_id]))
    of_office = page.locator("section.card", has=page.locator("h2", has_text="office@ok.test"))
    of_office.locator("button[value=claim_opened]").click()
    expect(page.locator(".alert")).to_contain_text("office@ok.test")
    check_page(page, "unsubscribed-sent-again")
    assert list(office.unsubscriptions.values_list("type", flat=True)) == ["order_confirmed"]
