"""What waits, what stands still and what lives, as monitoring reads it."""

from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from notifications import line_bot
from notifications.models import Address, ChannelPause, Delivery, Heartbeat, LineEvent, Source, SourceMessage
from notifications.operations import heartbeat, metrics
from notifications.types.enums import AddressState, Channel, PauseReason
from tests.notifications.delivery.conftest import notification, queue
from tests.notifications.operations.metrics.reading import families, samples

__all__ = ["notification", "queue"]

pytestmark = pytest.mark.django_db


def seconds_since(moment: datetime) -> float:
    return (timezone.now() - moment).total_seconds()


def test_every_metric_has_a_name_by_the_conventions_and_a_sentence():
    found = families()

    assert len({family.name for family in found}) == len(found)
    for family in found:
        assert family.name.startswith("sellerhub_"), family.name
        assert family.documentation.endswith((".", "limit.")), family.name
        assert family.type in ("counter", "gauge"), family.name
        assert not family.name.endswith(("_minutes", "_ms", "_days", "_percent")), family.name


def test_the_queue_by_channel_and_priority(queue):
    now = timezone.now()
    queue("a@ok.test", due_at=now - timedelta(seconds=90))
    queue("b@ok.test", due_at=now - timedelta(seconds=30))
    queue("c@ok.test", due_at=now + timedelta(hours=1), priority=2)
    queue("d@ok.test", status="held")
    queue("e@ok.test", status="sent")

    found = samples()

    assert found["sellerhub_queued_deliveries", "email", "normal"] == 2
    assert found["sellerhub_queued_deliveries", "email", "bulk"] == 1
    assert found["sellerhub_queued_deliveries", "line", "normal"] == 0
    assert 90 <= found["sellerhub_oldest_due_delivery_seconds", "email", "normal"] <= 90 + seconds_since(now)
    assert found["sellerhub_oldest_due_delivery_seconds", "email", "bulk"] == 0
    assert found[("sellerhub_held_deliveries",)] == 1
    assert 90 <= metrics.oldest_due() <= 90 + seconds_since(now)


def test_a_long_queue_is_counted_up_to_a_bound(queue, monkeypatch):
    monkeypatch.setattr("notifications.operations.metrics.queue.MAX_COUNTED", 2)
    for number in range(3):
        queue(f"{number}@ok.test")

    assert samples()["sellerhub_queued_deliveries", "email", "normal"] == 2


def test_addresses_by_state(shop):
    states = [*AddressState, AddressState.FAILING]
    for number, state in enumerate(states):
        Address.objects.create(account=shop, email=f"{number}@ok.test", state=state)

    found = {key[1]: value for key, value in samples().items() if key[0] == "sellerhub_addresses"}

    assert found == {"unconfirmed": 1, "active": 1, "failing": 2, "refused": 1}


def test_what_came_in_and_is_not_done():
    now = timezone.now()
    long_ago = now - timedelta(minutes=10)
    LineEvent.objects.create(id="1", type="follow", user_id="U1", at=now, due_at=long_ago)
    LineEvent.objects.create(id="2", type="follow", user_id="U1", at=now, due_at=None)
    source = Source.objects.create(name="spapi")
    SourceMessage.objects.create(
        source=source, message_id="1", way="http", state="parked", reason="unknown_seller", received_at=long_ago
    )

    found = samples()

    assert found["sellerhub_work_waiting", "line_events"] == 1
    assert 600 <= found["sellerhub_work_oldest_due_seconds", "line_events"] <= 600 + seconds_since(now)
    assert found["sellerhub_work_oldest_due_seconds", "mail_reports"] == 0
    assert found["sellerhub_parked_messages", "unknown_seller"] == 1
    assert found["sellerhub_parked_messages", "failed"] == 0
    assert 600 <= found["sellerhub_oldest_parked_message_seconds", "unknown_seller"] <= 600 + seconds_since(now)


def test_domains_that_return_mail(queue):
    now = timezone.now()
    for number, status in enumerate(["sent", "sent", "sent", "bounced"]):
        queue(f"{number}@Big.test", status=status, completed_at=now)
    queue("a@small.test", status="failed", completed_at=now)
    queue("b@small.test")  # nothing known yet

    before = samples()
    metrics.note_domains()
    after = samples()

    assert ("sellerhub_domain_mails", "big.test") not in before
    assert after["sellerhub_domain_mails", "big.test"] == 4
    assert after["sellerhub_domain_bounced_ratio", "big.test"] == 0.25
    assert after["sellerhub_domain_bounced_ratio", "small.test"] == 1


def test_beyond_the_largest_domains_there_is_one_for_all(queue, monkeypatch):
    monkeypatch.setattr("notifications.operations.metrics.domains.NAMED", 1)
    for name in ("a@one.test", "b@one.test", "c@two.test", "d@three.test"):
        queue(name, status="sent", completed_at=timezone.now())

    metrics.note_domains()

    found = {key[1]: value for key, value in samples().items() if key[0] == "sellerhub_domain_mails"}
    assert found == {"one.test": 2, "other": 2}


def test_a_channel_that_stands_still_and_what_is_left_of_line(monkeypatch):
    ChannelPause.objects.create(channel=Channel.LINE, reason=PauseReason.QUOTA)
    monkeypatch.setattr(
        "notifications.line_bot.quota.client", lambda: type("Line", (), {"quota": lambda _: (200, 150)})()
    )

    line_bot.note_quota()
    found = samples()

    assert found["sellerhub_channel_paused", "line", "quota"] == 1
    assert found["sellerhub_channel_paused", "line", "forbidden"] == 0
    assert found["sellerhub_channel_paused", "email", "quota"] == 0
    assert found[("sellerhub_line_quota_messages",)] == 200
    assert found[("sellerhub_line_used_messages",)] == 150


def test_the_last_tick(time_machine):
    time_machine.move_to("2026-11-25T00:00:00Z", tick=False)
    before = heartbeat.last_tick()

    heartbeat.tick()
    heartbeat.tick()
    time_machine.shift(30)

    assert before is None
    assert heartbeat.last_tick() == timedelta(seconds=30)
    assert Heartbeat.objects.count() == 1
    assert samples()["sellerhub_heartbeat_timestamp_seconds", "beat"] == timezone.now().timestamp() - 30


def test_a_page_serves_all_who_ask_within_seconds(django_assert_num_queries, queue):
    cache.delete("notifications.operations.metrics.page")
    page = metrics.page()
    queue("a@ok.test")

    with django_assert_num_queries(0):
        again = metrics.page()

    assert again == page
    assert Delivery.objects.exists()
