"""Where a notification went: whose words stand there, and in which language."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import SellerAccount, User
from notifications.channels import internal_reasons
from notifications.models import Delivery, Notification, Source
from notifications.types.enums import Channel, DeliveryStatus
from notifications.types.payloads.samples import SAMPLES
from notifications.web import delivery_report


@pytest.fixture
def notification(shop: SellerAccount) -> Notification:
    source = Source.objects.create(name="Marketplace")
    return Notification.objects.create(
        account=shop,
        source=source,
        type="order_confirmed",
        event_id=str(uuid4()),
        occurred_at=timezone.now(),
        data=SAMPLES["order_confirmed"],
    )


def deliver(notification: Notification, answer: str, status: str = DeliveryStatus.FAILED) -> None:
    Delivery.objects.create(
        notification=notification,
        channel=Channel.EMAIL,
        recipient="office@ok.test",
        language="ja",
        status=status,
        answer=answer,
    )


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (internal_reasons.ADDRESS_REMOVED, "送信前にメールアドレスが削除されました。"),
        (internal_reasons.SILENT % {"seconds": "60"}, "メールサーバーから60秒以内に応答がありませんでした。"),
        (
            internal_reasons.NO_CONNECTION % {"error": "ECONNREFUSED"},
            "メールサーバーに接続できませんでした（ECONNREFUSED）。",
        ),
    ],
)
@pytest.mark.parametrize("status", [DeliveryStatus.FAILED, DeliveryStatus.QUEUED])
def test_our_own_sentence_is_in_the_readers_language(notification, answer, why, status):
    deliver(notification, answer, status)

    with translation.override("ja"):
        [road] = delivery_report.taken(notification)
    with translation.override("en"):
        [english] = delivery_report.taken(notification)

    assert (road.why, road.answer) == (why, "")
    assert (english.why, english.answer) == (answer, "")


def test_the_servers_words_stay_as_they_are(notification):
    deliver(notification, "5.1.1 The address was removed.")

    [road] = delivery_report.taken(notification)

    assert (road.why, road.answer) == ("", "5.1.1 The address was removed.")


def test_the_page_calls_only_the_servers_words_so(client: Client, notification, shop, hanako: User):
    address = reverse("notifications:detail", args=[shop.public_id, notification.pk])
    client.force_login(hanako)
    deliver(notification, internal_reasons.ADDRESS_REMOVED)

    ours = client.get(address).content.decode()
    Delivery.objects.update(answer="5.1.1 nobody of that name")
    theirs = client.get(address).content.decode()

    assert "送信前にメールアドレスが削除されました。" in ours
    assert internal_reasons.ADDRESS_REMOVED not in ours
    assert "<samp" not in ours
    assert '<samp class="small-print">5.1.1 nobody of that name</samp>' in theirs


def test_every_sentence_of_ours_is_recognised():
    sentences = [value for name, value in vars(internal_reasons).items() if name.isupper() and not name.startswith("_")]

    with translation.override("en"):
        found = [internal_reasons.translated(sentence) for sentence in sentences]

    assert found == sentences
