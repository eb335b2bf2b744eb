"""The delivery log explains every notification."""

import pytest
from django.urls import reverse
from django.utils import timezone

from notifications.ingest.api_keys import add_source
from notifications.ingest.pipeline import Event, notify_many
from notifications.models import Address, Delivery, Notification
from notifications.recipients import email_addresses, preferences
from notifications.recipients.preferences import PreferenceInput
from notifications.types.enums import AddressState, DeliveryStatus
from notifications.types.payloads.samples import SAMPLES
from notifications.web import delivery_log
from notifications.web.delivery_log import Search

pytestmark = pytest.mark.django_db


@pytest.fixture
def source():
    return add_source("Marketplace")[0]


def tell(shop, source, type_key: str, key: str, **data) -> Notification:
    content = {**SAMPLES[type_key], **data}
    notify_many(source, [Event(key, shop.public_id, type_key, timezone.now(), content)])
    return Notification.objects.get(event_id=key)


def shown(shop, **search) -> list[str]:
    return [line.notification.event_id for line in delivery_log.page(shop, Search(**search)).lines]


@pytest.fixture
def told(shop, hanako, source):
    """An order to a full mailbox, one that was switched off, and an alarm that went out."""
    [full] = email_addresses.add_missing(shop, ["full@ok.test"], by=hanako)
    Address.objects.filter(pk=full.pk).update(state=AddressState.FAILING, failure="mailbox_full")
    preferences.save(
        shop,
        {
            "order_confirmed": PreferenceInput(email=True, addresses=(full.pk,)),
            "claim_opened": PreferenceInput(email=False, addresses=()),
        },
        by=hanako,
    )
    tell(shop, source, "order_confirmed", "order", order_id="250-0000000-0000001")
    tell(shop, source, "claim_opened", "claim")
    tell(shop, source, "account_at_risk", "risk")
    Delivery.objects.filter(notification__event_id="risk").update(status=DeliveryStatus.SENT)


def test_every_notification_has_a_sentence_for_every_road(shop, told):
    lines = {line.notification.event_id: line.roads for line in delivery_log.page(shop, Search()).lines}

    assert list(lines) == ["risk", "claim", "order"]
    assert all(lines.values())
    assert "保留しています。メールボックスの容量がいっぱいです。" in lines["order"][0].sentence
    assert "さんがオフにしました" in lines["claim"][0].sentence or "オフ" in lines["claim"][0].sentence
    assert "送信しました" in lines["risk"][0].sentence


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ({"ending": "held"}, ["order"]),
        ({"ending": "sent"}, ["risk"]),
        ({"ending": "failed"}, []),
        ({"ending": "not_taken"}, ["risk", "claim"]),
        ({"channel": "line"}, ["risk"]),
        ({"channel": "email", "ending": "not_taken"}, ["claim"]),
        ({"type": "order_confirmed"}, ["order"]),
        ({"recipient": "full@ok.test"}, ["order"]),
        ({"words": "250-0000000-0000001"}, ["order"]),
        ({"words": "no such order"}, []),
        ({"ending": "'; DROP TABLE notifications_delivery; --"}, ["risk", "claim", "order"]),
        ({"recipient": "' OR 1=1 --"}, []),
    ],
)
def test_it_can_be_filtered(shop, told, search, found):
    assert shown(shop, **search) == found


def test_another_shop_sees_nothing_of_it(told, other_shop, mika):
    assert shown(other_shop) == []


def test_pages_follow_one_another_without_a_gap(shop, hanako, source, monkeypatch):
    monkeypatch.setattr(delivery_log, "PAGE_SIZE", 2)
    for number in range(5):
        tell(shop, source, "order_confirmed", str(number), order_id=f"250-0000000-000000{number}")

    pages, before = [], None
    while True:
        page = delivery_log.page(shop, Search(before=before))
        pages.append([line.notification.event_id for line in page.lines])
        before = page.older
        if before is None:
            break

    assert pages == [["4", "3"], ["2", "1"], ["0"]]


def test_a_rare_ending_in_a_long_history_is_found_step_by_step(shop, hanako, source, monkeypatch):
    monkeypatch.setattr(delivery_log, "WINDOW", 2)
    for number in range(5):
        tell(shop, source, "order_confirmed", str(number), order_id=f"250-0000000-000000{number}")
    Delivery.objects.filter(notification__event_id="0").update(status=DeliveryStatus.FAILED)

    steps, before = [], None
    while True:
        page = delivery_log.page(shop, Search(ending="failed", before=before))
        steps.append([line.notification.event_id for line in page.lines])
        before = page.older
        if page.searched_back_to is None:
            break

    assert steps == [[], [], ["0"]]


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_whatever_it_shows(client, shop, hanako, source, count, django_assert_max_num_queries):
    for number in range(count):
        tell(shop, source, "account_at_risk", str(number))
    client.force_login(hanako)
    url = reverse("notifications:log", args=[shop.public_id])
    client.get(url)

    with django_assert_max_num_queries(11):
        assert client.get(url).status_code == 200


def test_odd_filters_are_left_out(client, shop, hanako, told):
    client.force_login(hanako)

    page = client.get(
        reverse("notifications:log", args=[shop.public_id]),
        {"type": "nonsense", "before": "x", "channel": "pigeon", "q": "\0"},
    )

    assert page.status_code == 200


def test_of_very_many_roads_the_first_are_shown_and_the_others_counted(client, shop, hanako, source, monkeypatch):
    monkeypatch.setattr(delivery_log, "ROUTES_SHOWN", 2)
    rows = email_addresses.add_missing(shop, [f"n{number}@ok.test" for number in range(5)], by=hanako)
    wish = PreferenceInput(email=True, addresses=tuple(row.pk for row in rows))
    preferences.save(shop, {"order_confirmed": wish}, by=hanako)
    tell(shop, source, "order_confirmed", "order")
    client.force_login(hanako)

    [line] = delivery_log.page(shop, Search()).lines
    page = client.get(reverse("notifications:log", args=[shop.public_id])).content.decode()

    assert (len(line.roads), line.more) == (2, 3)
    assert "ほか3件" in page
