"""Mail that does not arrive: the seller reads why, mends it, and has what was missed sent."""

from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from notifications import address_health, delivery, tasks
from notifications.channels.email.channel import EmailChannel
from notifications.channels.email.smtp.server import Server
from notifications.channels.registry import CHANNELS
from notifications.ingest import pipeline
from notifications.models import Address, Delivery, MailReport, Source
from notifications.recipients import email_addresses, preferences
from notifications.recipients.preferences import PreferenceInput
from notifications.types.enums import AddressState, BounceKind, Channel
from notifications.types.payloads.samples import SAMPLES
from tests.waiting import LIMIT_SECONDS

from .conftest import NARROW, WIDE, Mailbox, free_port


class FullMailbox(Mailbox):
    """Refuses mail to `full@…` while it is full."""

    is_full = True

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.is_full and address.startswith("full"):
            return "552 5.2.2 Mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"


@pytest.fixture
def relay(monkeypatch) -> Iterator[FullMailbox]:
    """Where notifications go."""
    handler, port = FullMailbox(), free_port()
    server = Controller(handler, hostname="127.0.0.1", port=port, ready_timeout=LIMIT_SECONDS)
    server.start()
    channel = EmailChannel(
        Server("127.0.0.1", port),
        sender="SellerHub <hub@sellers.test>",
        connections=1,
        timeout=LIMIT_SECONDS,
    )
    monkeypatch.setitem(CHANNELS, Channel.EMAIL, lambda: channel)
    yield handler
    channel.close()
    server.stop()


@pytest.fixture
def full(shop, hanako) -> Address:
    """Orders, and what must not be missed, go to one address whose mailbox is full."""
    [address] = email_addresses.add_missing(shop, ["full@ok.test"], by=hanako)
    email_addresses.confirm(address)
    wish = PreferenceInput(email=True, addresses=(address.pk,))
    preferences.save(shop, {"order_confirmed": wish, "account_at_risk": wish}, by=hanako)
    return address


def tell(shop, type_key: str, key: str) -> None:
    source, _created = Source.objects.get_or_create(name="Marketplace")
    data = dict(SAMPLES[type_key])
    if "order_id" in data:
        data["order_id"] = f"250-1234567-765432{key}"
    pipeline.notify(shop, type_key, event_id=key, data=data, source=source)


def send() -> None:
    delivery.run(max_seconds=LIMIT_SECONDS, after_batch=address_health.assess_due)


def comes_back(kind: BounceKind, reason: str = "") -> None:
    """News of the delivery that was sent last."""
    row = Delivery.objects.filter(channel=Channel.EMAIL).latest("completed_at")
    MailReport.objects.create(
        key=f"late-{kind}",
        way="mailbox",
        kind=kind,
        delivery=row,
        address_id=row.address_id,
        sent_at=row.completed_at,
        permanent=kind == BounceKind.BOUNCE,
        reason=reason,
        code=550 if reason else None,
        text="550 5.1.1 There is nobody of that name" if reason else "",
    )
    address_health.assess_due()


def alerts(page: Page):
    return page.get_by_role("region", name="ご確認ください")


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_a_full_mailbox_from_the_answer_to_the_replay(open_browser, check_page, relay, shop, hanako, full, size):
    for number in range(3):
        tell(shop, "order_confirmed", str(number))
    send()
    page = open_browser(hanako, size=size)

    page.goto(reverse("home", args=[shop.public_id]))
    expect(alerts(page)).to_contain_text("full@ok.test")
    expect(alerts(page)).to_contain_text("容量がいっぱいです")
    expect(alerts(page)).to_contain_text("3件の通知が届いていません")
    check_page(page, "failing-home")

    relay.is_full = False
    page.get_by_role("button", name="リセット").click()
    expect(page.get_by_role("heading", name="3件の通知を保留しています")).to_be_visible()
    check_page(page, "failing-held")
    page.get_by_label("すべて送信").check()
    page.get_by_role("button", name="実行").click()
    expect(page.get_by_role("status").last).to_contain_text("3件のうち0件が完了しました")
    check_page(page, "failing-progress")

    tasks.replay_held()
    send()
    page.reload()
    expect(page.get_by_role("status").last).to_contain_text("3件を送信しました")
    page.goto(reverse("home", args=[shop.public_id]))
    expect(alerts(page)).to_have_count(0)
    assert [message["To"] for message in relay.messages] == ["full@ok.test"] * 3


def test_a_late_bounce_and_another_address_in_its_place(open_browser, check_page, relay, shop, hanako, full, mailbox):
    relay.is_full = False
    tell(shop, "account_at_risk", "1")
    send()
    comes_back(BounceKind.BOUNCE, "unknown_user")
    page = open_browser(hanako, size=NARROW)

    page.goto(reverse("home", args=[shop.public_id]))
    expect(alerts(page)).to_contain_text("このメールアドレスは存在しません")
    page.get_by_role("link", name="修正").click()
    check_page(page, "failing-fix")
    page.get_by_label("新しいメールアドレス").fill("new@ok.test")
    page.get_by_role("button", name="すべて置き換え").click()
    expect(page.get_by_role("status").first).to_contain_text("new@ok.test")

    tasks.send_settings_mail()
    assert "new@ok.test" in mailbox.text_to("new@ok.test")
    new = Address.objects.get(email="new@ok.test")
    email_addresses.confirm(new)
    page.goto(reverse("home", args=[shop.public_id]))
    page.get_by_role("link", name="保留中の通知の扱いを選ぶ").click()
    page.get_by_role("button", name="実行").click()
    tasks.replay_held()
    send()
    assert relay.messages[-1]["To"] == "new@ok.test"


def test_a_complaint_stops_what_is_optional(open_browser, check_page, relay, shop, hanako, full):
    relay.is_full = False
    tell(shop, "order_confirmed", "1")
    send()
    comes_back(BounceKind.COMPLAINT)
    tell(shop, "order_confirmed", "2")
    tell(shop, "account_at_risk", "3")
    send()
    page = open_browser(hanako, size=NARROW)

    page.goto(reverse("home", args=[shop.public_id]))
    expect(alerts(page)).to_contain_text("迷惑メールとして報告されました")
    expect(alerts(page)).to_contain_text("1件の通知が届いていません")
    page.goto(reverse("notifications:log", args=[shop.public_id]))
    check_page(page, "failing-log")

    statuses = Delivery.objects.filter(recipient="full@ok.test").order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["sent", "held", "sent"]


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_pages_read_well(open_browser, check_page, relay, shop, hanako, full, language, size):
    hanako.language = language
    hanako.save()
    for number in range(3):
        tell(shop, "order_confirmed", str(number))
    tell(shop, "account_at_risk", "4")
    send()
    waiting = email_addresses.add(shop, "waiting@ok.test", by=hanako)
    Address.objects.filter(pk=waiting.pk).update(added_at=timezone.now() - timezone.timedelta(days=2))
    Address.objects.filter(email="hanako@ok.test").update(
        state=AddressState.FAILING, failure="unknown_user", failure_answer="550 5.1.1 No such user"
    )
    page = open_browser(hanako, size=size)

    for name, arguments in (
        ("home", [shop.public_id]),
        ("notifications:addresses", [shop.public_id]),
        ("notifications:fix_address", [shop.public_id, full.pk]),
        ("notifications:held", [shop.public_id, full.pk]),
        ("notifications:log", [shop.public_id]),
        ("notifications:options", [shop.public_id]),
        ("notifications:changes", [shop.public_id]),
    ):
        page.goto(reverse(name, args=arguments))
        check_page(page, f"failing-all-{name.rpartition(':')[2]}")
