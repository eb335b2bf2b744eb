"""The default address that fails, the hand-over, and what must be known all the same."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import Membership
from accounts.roles import Role
from notifications import address_health, delivery
from notifications.ingest.api_keys import add_source
from notifications.ingest.pipeline import Event, notify_many
from notifications.models import Address, Delivery
from notifications.recipients import email_addresses
from notifications.types.definitions import TYPES
from notifications.types.enums import BounceKind
from notifications.types.payloads.samples import SAMPLES
from tests.notifications.address_health.test_stopping import again, news
from tests.waiting import LIMIT_SECONDS

pytestmark = pytest.mark.django_db(transaction=True)
REQUIRED = next(key for key, kind in TYPES.items() if kind.required and key in SAMPLES)


def tell(shop, kind="order_confirmed"):
    data = SAMPLES[kind] | ({"order_id": str(uuid4())} if kind == "order_confirmed" else {})
    notify_many(add_source(str(uuid4()))[0], [Event(str(uuid4()), shop.public_id, kind, timezone.now(), data)])


def test_while_the_default_fails_everything_is_held_and_hand_over_moves_what_is_new(shop, hanako, taro):
    default = email_addresses.default_addresses([shop.pk])[shop.pk]
    Address.objects.filter(pk=default.pk).update(state="failing", failure="unknown_user")
    tell(shop)
    tell(shop, REQUIRED)
    assert [one.status for one in Delivery.objects.filter(channel="email")] == ["held", "held"]
    Membership.objects.filter(user=hanako).update(role=Role.SECONDARY)
    Membership.objects.filter(user=taro).update(role=Role.PRIMARY)
    tell(shop)
    assert list(Delivery.objects.filter(channel="email").order_by("pk").values_list("recipient", "status"))[-1] == (
        "taro@ok.test",
        "queued",
    )


def test_required_ones_go_on_to_a_refused_address(shop, hanako, queue, mail_server):
    default = email_addresses.default_addresses([shop.pk])[shop.pk]
    Address.objects.filter(pk=default.pk).update(state="refused", failure="complaint")
    tell(shop)
    tell(shop, REQUIRED)
    delivery.run(max_seconds=LIMIT_SECONDS)
    assert sorted(Delivery.objects.filter(channel="email").values_list("status", flat=True)) == ["held", "sent"]


def test_required_ones_held_while_it_failed_go_on_when_only_a_complaint_is_left(shop, hanako, queue, mail_server):
    """mailbox_full and a complaint; the probe arrives: the state becomes `refused`."""
    now = timezone.now()
    row = queue("orders@ok.test", status="sent", completed_at=now - timedelta(days=3))
    Address.objects.update(trusted_since=now - timedelta(days=30))
    news(row, BounceKind.COMPLAINT, permanent=False)
    required = again(row, REQUIRED)
    Delivery.objects.filter(pk=required.pk).update(status="sent", completed_at=now - timedelta(days=2))
    news(required, BounceKind.BOUNCE, "mailbox_full")
    more = again(row, REQUIRED)
    Delivery.objects.filter(pk=more.pk).update(status="held", cause="mailbox_full")
    assert Address.objects.get(pk=row.address_id).state == "failing"
    address_health.probe_due()
    delivery.run(max_seconds=LIMIT_SECONDS)
    Delivery.objects.filter(pk=required.pk).update(completed_at=now - timedelta(minutes=11))
    address_health.probe_due()
    assert Address.objects.get(pk=row.address_id).state == "refused"
    delivery.run(max_seconds=LIMIT_SECONDS)
    more.refresh_from_db()
    assert more.status == "sent"
