"""replace_everywhere() against judging and intake: it must lock the old address before it touches deliveries."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from notifications import address_health
from notifications.address_health.repair import reset
from notifications.ingest import pipeline
from notifications.ingest.api_keys import add_source
from notifications.ingest.pipeline import Event, notify_many
from notifications.models import Address, Delivery, MailReport
from notifications.recipients import email_addresses, preferences
from notifications.recipients.preferences import PreferenceInput
from notifications.types.enums import AddressState
from notifications.types.payloads.samples import SAMPLES
from tests.locks import wait_for_the_other
from tests.notifications.address_health.test_stopping import again
from tests.waiting import LIMIT_SECONDS

from .test_locks import in_thread

pytestmark = pytest.mark.django_db(transaction=True)


def test_replacing_while_the_old_address_is_judged(queue, hanako, monkeypatch):
    now = timezone.now()
    row = queue("orders@ok.test", status="held", cause="mailbox_full")
    Address.objects.update(state="failing", failure="mailbox_full", trusted_since=now - timedelta(days=3))
    row.address.refresh_from_db()
    Address.objects.create(account=row.address.account, email="new@ok.test", state=AddressState.ACTIVE)
    late = again(row)
    Delivery.objects.filter(pk=late.pk).update(status="sent", completed_at=now - timedelta(minutes=5))
    MailReport.objects.create(
        key="k",
        way="x",
        kind="bounce",
        delivery=late,
        address=row.address,
        permanent=True,
        reason="mailbox_full",
        sent_at=now - timedelta(minutes=5),
    )
    errors, taken = [], threading.Event()
    take = reset._take_along

    def slow_take(old, new):
        take(old, new)
        Delivery.objects.filter(address=old).update(address=old)  # as delete() does: rows first, then the address
        taken.set()
        wait_for_the_other(judging)

    def judge():
        assert taken.wait(LIMIT_SECONDS)
        address_health.assess_due()

    monkeypatch.setattr(reset, "_take_along", slow_take)
    judging = in_thread(judge, errors)
    replacing = in_thread(lambda: address_health.replace_everywhere(row.address, "new@ok.test", by=hanako), errors)
    for one in (replacing, judging):
        one.join(2 * LIMIT_SECONDS)
    assert errors == []


def test_replacing_while_an_event_comes_in(shop, hanako, monkeypatch):
    source = add_source("Marketplace")[0]
    [old] = email_addresses.add_missing(shop, ["orders@ok.test"], by=hanako)
    preferences.save(shop, {"order_confirmed": PreferenceInput(email=True, addresses=(old.pk,))}, by=hanako)
    Address.objects.filter(pk=old.pk).update(state="failing", failure="mailbox_full")
    Address.objects.create(account=shop, email="new@ok.test", state=AddressState.ACTIVE)
    old.refresh_from_db()
    errors, replacing = [], []
    routed, begun = threading.Event(), threading.Event()
    copy = pipeline.statements.copy_deliveries

    def slow(*rest, **more):
        routed.set()
        assert begun.wait(LIMIT_SECONDS)
        wait_for_the_other(replacing[0])
        return copy(*rest, **more)

    monkeypatch.setattr(pipeline.statements, "copy_deliveries", slow)
    first = in_thread(
        lambda: notify_many(
            source,
            [Event(str(uuid4()), shop.public_id, "order_confirmed", timezone.now(), SAMPLES["order_confirmed"])],
        ),
        errors,
    )
    assert routed.wait(LIMIT_SECONDS)
    replacing.append(in_thread(lambda: address_health.replace_everywhere(old, "new@ok.test", by=hanako), errors))
    begun.set()
    for one in (first, *replacing):
        one.join(2 * LIMIT_SECONDS)
    assert errors == []
    [(recipient, status)] = Delivery.objects.filter(channel="email").values_list("recipient", "status")
    assert (recipient, status in ("held", "queued")) == ("new@ok.test", True)
