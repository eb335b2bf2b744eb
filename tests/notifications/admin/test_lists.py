"""Lists without end: what no index finds is looked for among the newest rows, and the page says so."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.admin.lists import EndlessList
from accounts.models import SellerAccount, User
from notifications.ingest.api_keys import add_source
from notifications.line_bot.quota import Quota
from notifications.models import Address, Delivery, MailReport, SourceMessage
from notifications.types.enums import Channel, DeliveryStatus
from notifications.web.read_state import first_id
from tests.notifications.operations.redelivery.conftest import Make, make

__all__ = ["make"]

LIST = reverse("admin:notifications_delivery_changelist")


@pytest.fixture
def operator(client: Client, omar: User) -> Client:
    client.force_login(omar)
    return client


def found(client: Client, url: str = LIST, **asked: object) -> tuple[list[object], bool]:
    """The rows, and whether older ones were left out."""
    page = client.get(url, {name: str(value) for name, value in asked.items()})
    assert page.status_code == 200
    return list(page.context["cl"].result_list), getattr(page.context["cl"], "is_windowed", False)


def test_what_an_index_finds_is_found_however_old(
    operator: Client, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EndlessList, "window", 2)
    old = make(DeliveryStatus.FAILED)
    for _ in range(3):
        make(DeliveryStatus.SENT)

    assert found(operator, status__exact="failed") == ([old], False)
    assert found(operator, address__id__exact=old.address_id) == ([old], False)
    assert found(operator, q=old.pk) == ([old], False)


def test_what_no_index_finds_is_looked_for_among_the_newest(
    operator: Client, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EndlessList, "window", 2)
    make(DeliveryStatus.SENT, channel=Channel.LINE)
    mail, line = make(DeliveryStatus.SENT), make(DeliveryStatus.SENT, channel=Channel.LINE)

    assert found(operator, channel__exact="line") == ([line], True)
    assert found(operator, channel__exact="email") == ([mail], True)


def test_the_newest_are_those_of_the_state_that_has_an_index(
    operator: Client, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EndlessList, "window", 2)
    failed = make(DeliveryStatus.FAILED)
    for _ in range(3):
        make(DeliveryStatus.SENT)

    assert found(operator, status__exact="failed", channel__exact="email") == ([failed], False)
    assert found(operator, status__exact="failed", cause="unknown_user") == ([failed], False)
    assert found(operator, status__exact="failed", cause="mailbox_full") == ([], False)


@pytest.mark.parametrize(
    ("asked", "count"),
    [({}, 3), ({"age": "hour"}, 1), ({"age": "day"}, 2), ({"age": "week"}, 2), ({"age": "?"}, 3)],
)
def test_an_age_is_a_range_of_keys(operator: Client, make: Make, asked: dict[str, str], count: int) -> None:
    now = timezone.now()
    for ago in (timedelta(), timedelta(hours=2), timedelta(days=40)):
        make(DeliveryStatus.SENT, id=UUID(int=first_id(now - ago).int + 1))

    assert len(found(operator, **asked)[0]) == count


def test_a_type_and_a_cause_narrow_the_list(operator: Client, make: Make) -> None:
    risk = make(DeliveryStatus.FAILED, type="account_at_risk", cause="mailbox_full")
    make(DeliveryStatus.FAILED)

    assert found(operator, notification__type__exact="account_at_risk")[0] == [risk]
    assert found(operator, cause="mailbox_full")[0] == [risk]


def test_a_filter_that_makes_no_sense_leads_back_to_the_list(operator: Client, make: Make) -> None:
    make(DeliveryStatus.SENT)

    page = operator.get(LIST, {"address__id__exact": "no id", "channel__exact": "email"})

    assert (page.status_code, page["Location"]) == (302, f"{LIST}?e=1")


def test_deliveries_of_a_seller_are_found_by_its_id(
    operator: Client, make: Make, shop: SellerAccount, other_shop: SellerAccount
) -> None:
    ours = make(DeliveryStatus.SENT)
    make(DeliveryStatus.SENT, account=other_shop)

    assert found(operator, q=shop.public_id)[0] == [ours]


def test_reports_are_found_by_address_and_by_delivery(operator: Client, make: Make) -> None:
    delivery = make(DeliveryStatus.BOUNCED)
    report = MailReport.objects.create(
        key="1", way="mailbox", kind="bounce", delivery=delivery, address=delivery.address, sent_at=timezone.now()
    )
    url = reverse("admin:notifications_mailreport_changelist")

    assert found(operator, url, q=delivery.recipient.upper())[0] == [report]
    assert found(operator, url, q=delivery.pk)[0] == [report]
    assert found(operator, url, q="nobody@ok.test")[0] == []


def test_a_body_is_shown_as_text_and_no_further_than_its_bound(
    operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.admin.sources.messages.MAX_SHOWN", 12)
    source, _key = add_source("Selling Partner API")
    message = SourceMessage.objects.create(
        source=source,
        message_id="1",
        way="http",
        state="parked",
        reason="unreadable",
        raw=b"<script>\xff\x001234567",
    )
    url = reverse("admin:notifications_sourcemessage_change", args=[message.pk])

    page = operator.get(url).content.decode()
    SourceMessage.objects.update(raw=None)
    emptied = operator.get(url).content.decode()

    assert "<pre>&lt;script&gt;\ufffd\ufffd12…</pre>" in page
    assert "The body is kept for 30 days; it is gone." in emptied


def test_failing_addresses_are_grouped_by_domain(
    operator: Client, shop: SellerAccount, other_shop: SellerAccount
) -> None:
    since = datetime(2026, 11, 1, tzinfo=UTC)
    for number, (account, domain, state, failure) in enumerate(
        [
            (shop, "docomo.ne.jp", "failing", "unknown_user"),
            (shop, "Docomo.ne.jp", "failing", "unknown_user"),
            (other_shop, "docomo.ne.jp", "refused", "complaint"),
            (shop, "example.jp", "failing", "mailbox_full"),
            (shop, "fine.example", "active", ""),
        ]
    ):
        Address.objects.create(
            account=account,
            email=f"a{number}@{domain}",
            state=state,
            failure=failure,
            state_since=since + timedelta(days=number),
        )

    page = operator.get(reverse("admin:failing_domains"))

    domains = page.context["domains"]
    assert [(one.name, one.addresses, one.shops, one.since) for one in domains] == [
        ("docomo.ne.jp", 3, 2, since),
        ("example.jp", 1, 1, since + timedelta(days=3)),
    ]
    assert domains[0].reasons == [
        ("The address does not exist.", 2),
        ("The recipient reported our mail as spam.", 1),
    ]
    rows = found(
        operator,
        reverse("admin:notifications_address_changelist"),
        state__in="failing,refused",
        email__iendswith="@docomo.ne.jp",
    )[0]
    assert len(rows) == 3


@pytest.mark.parametrize(
    ("known", "sentence"),
    [
        (None, "LINE has not told yet how many messages of this month are used up. It is asked every hour."),
        (Quota(None, 1200), "1,200 LINE messages were sent this month; there is no limit."),
        (Quota(5000, 1200), "1,200 of 5,000 LINE messages of this month are used up."),
    ],
)
def test_the_webhook_log_says_what_is_left_at_line(
    operator: Client, monkeypatch: pytest.MonkeyPatch, known: Quota | None, sentence: str
) -> None:
    monkeypatch.setattr("notifications.admin.sources.webhook_log.known_quota", lambda: known)

    assert operator.get(reverse("admin:webhook_log")).context["quota"] == sentence


def test_the_webhook_log_shows_the_newest_of_each_kind(operator: Client, make: Make) -> None:
    delivery: Delivery = make(DeliveryStatus.BOUNCED)
    MailReport.objects.create(key="1", way="postmark", kind="bounce", delivery=delivery, sent_at=timezone.now())

    kinds = operator.get(reverse("admin:webhook_log")).context["kinds"]

    assert [len(kind["rows"]) for kind in kinds] == [0, 1, 0, 0]
    assert kinds[1]["rows"][0]["cells"][1:3] == ["postmark", "Could not be delivered"]
