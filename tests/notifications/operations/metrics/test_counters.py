"""The counters say what the rows say."""

from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from notifications import address_health, delivery, line_bot
from notifications.channels.email.providers.events import ProviderEvent
from notifications.channels.email.return_path import AttemptRef
from notifications.channels.line.webhook import WebhookEvent
from notifications.ingest import pipeline
from notifications.models import Address, Delivery, Notification, SkippedRoute, Source
from notifications.types.enums import AddressState, BounceKind, BounceReason
from notifications.types.payloads.samples import SAMPLES
from tests.notifications.delivery.conftest import mail_server, notification, queue, use_server
from tests.notifications.operations.metrics.reading import counted
from tests.returned_mail import dsn
from tests.waiting import LIMIT_SECONDS

__all__ = ["mail_server", "notification", "queue", "use_server"]

pytestmark = pytest.mark.django_db(transaction=True)


def by_rows(pairs) -> dict[tuple[str, ...], int]:
    return dict(Counter(pairs))


def test_what_the_door_took_in_and_decided(shop, hanako):
    source = Source.objects.create(name="orders")
    Address.objects.create(account=shop, email="hanako@ok.test", state=AddressState.FAILING, failure="mailbox_full")
    events = [
        pipeline.Event(key, shop.public_id, kind, timezone.now(), SAMPLES[kind])
        for key, kind in (("1", "order_confirmed"), ("2", "claim_opened"), ("3", "coach_recommendations"))
    ]

    pipeline.notify_many(source, events)
    pipeline.notify_many(source, events)

    roads = [
        *SkippedRoute.objects.values_list("channel", "reason"),
        *Delivery.objects.values_list("channel", "status"),
    ]
    assert counted("sellerhub_notifications_accepted_total") == by_rows(Notification.objects.values_list("type"))
    assert counted("sellerhub_routing_decisions_total") == by_rows(roads)
    assert counted("sellerhub_deliveries_held_total") == by_rows(
        Delivery.objects.filter(status="held").values_list("channel", "cause")
    )
    assert Delivery.objects.filter(status="held").exists()


def test_what_a_worker_sent_gave_up_and_tries_again(queue, mail_server):
    for name in ("hanako", "taro", "unknown", "refuse", "busy"):
        queue(f"{name}@ok.test")

    delivery.run(max_seconds=LIMIT_SECONDS)

    failed = Delivery.objects.filter(status="failed").values_list("channel", "cause")
    assert counted("sellerhub_deliveries_sent_total") == {("email", "alone"): 2}
    assert counted("sellerhub_deliveries_failed_total") == by_rows(failed)
    assert len(failed) == 2
    assert counted("sellerhub_deliveries_deferred_total") == {("email",): 1}


def test_what_was_settled_before_is_not_counted_again(queue, mail_server):
    row = queue("hanako@ok.test")
    delivery.run(max_seconds=LIMIT_SECONDS)
    Delivery.objects.filter(pk=row.pk).update(lease=uuid4())

    delivery.run(max_seconds=LIMIT_SECONDS)

    assert counted("sellerhub_deliveries_sent_total") == {("email", "alone"): 1}


def test_what_came_back_and_is_held(queue, mail_server):
    row, waiting = queue("hanako@ok.test"), queue("later@ok.test", due_at=timezone.now() + timedelta(hours=1))
    delivery.run(max_seconds=LIMIT_SECONDS)
    row.refresh_from_db()
    Delivery.objects.filter(pk=waiting.pk).update(address=row.address)

    address_health.store_returned(AttemptRef(row.pk, row.completed_at), dsn(b"hanako@ok.test"))
    address_health.store_returned(AttemptRef(row.pk, row.completed_at), dsn(b"hanako@ok.test"))
    address_health.read_due()

    held = Delivery.objects.filter(status="held").values_list("channel", "cause")
    assert len(held) == 2
    assert sum(counted("sellerhub_deliveries_bounced_total").values()) == 1
    assert counted("sellerhub_deliveries_held_total") == by_rows(held)
    assert counted("sellerhub_webhook_events_total") == {("mailbox",): 1}


def test_events_from_outside_are_counted_once(queue):
    row = queue("hanako@ok.test", status="sent", completed_at=timezone.now())
    told = ProviderEvent(
        id="1",
        at=timezone.now(),
        kind=BounceKind.BOUNCE,
        recipient="hanako@ok.test",
        delivery_id=row.pk,
        sent_at=None,
        permanent=True,
        reason=BounceReason.MAILBOX_FULL,
        code=552,
        status="5.2.2",
        text="full",
    )
    event = WebhookEvent(id="01", type="follow", user_id="U1", at=timezone.now(), payload={})

    for _time in range(2):
        line_bot.store([event])
        address_health.store_provider_events([told], way="postmark")

    assert counted("sellerhub_webhook_events_total") == {("line",): 1, ("postmark",): 1}
