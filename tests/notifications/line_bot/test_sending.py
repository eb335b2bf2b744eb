"""From an event to a bubble on the phone, with all that goes wrong on the way."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from devtools.sandbox.line.faults import MAX_DELAY_MS
from notifications import delivery, line_bot, tasks
from notifications.channels.line import responses
from notifications.ingest import pipeline
from notifications.models import (
    Attempt,
    ChannelPause,
    Delivery,
    LineUser,
    Notification,
    Recall,
    SkippedRoute,
    Source,
)
from notifications.operations.redelivery import requeue
from notifications.queue import channel_pause
from notifications.recipients import preferences
from notifications.recipients.preferences import PreferenceInput
from notifications.types.definitions import TYPES
from notifications.types.enums import Channel, DeliveryStatus, LinkState, PauseReason
from notifications.types.payloads.samples import SAMPLES
from tests.waiting import LIMIT_SECONDS, wait_until

from .conftest import make_link

pytestmark = pytest.mark.django_db(transaction=True)

LINE_TYPES = sorted(key for key, kind in TYPES.items() if kind.line)


def tell(shop, kind: str = "account_at_risk", key: str = "1", **data) -> None:
    source, _created = Source.objects.get_or_create(name="risk")
    pipeline.notify(shop, kind, event_id=key, data={**SAMPLES[kind], **data}, source=source)


def send() -> bool:
    return delivery.run(channel=Channel.LINE, max_seconds=LIMIT_SECONDS)


def due_now() -> None:
    Delivery.objects.filter(status=DeliveryStatus.QUEUED).update(due_at=timezone.now(), lease=None)


def line_rows() -> list[Delivery]:
    return list(Delivery.objects.filter(channel=Channel.LINE).order_by("pk"))


def states() -> list[tuple[str, int]]:
    return [(row.status, row.tries) for row in line_rows()]


def test_all_nine_types_arrive_as_bubbles_in_the_line_user_s_language(line, shop, hanako):
    emma = line.person("Emma")
    emma.friend = True
    make_link(shop, hanako, emma)

    for number, kind in enumerate(LINE_TYPES):
        tell(shop, kind, str(number))
    send()

    assert len(LINE_TYPES) == 9
    assert states() == [("sent", 0)] * 9
    texts = line.texts(emma)
    assert len(texts) == 9
    assert all(text.startswith("[花子の器] Important: ") for text in texts)
    assert all(one.content["type"] == "flex" for one in line.received(emma))


def test_the_shop_of_another_gets_its_own_and_nothing_else(line, linked, shop, other_shop, mika):
    emma = line.person("Emma")
    emma.friend = True
    make_link(other_shop, mika, emma)

    tell(shop, key="1")
    send()

    assert line.texts(emma) == []


def test_what_is_no_line_type_does_not_go_to_line(line, linked, shop):
    tell(shop, "order_confirmed")

    assert line_rows() == []


def test_a_type_that_is_switched_off_is_not_sent_and_the_reason_kept(line, linked, shop, hanako):
    preferences.save(shop, {"account_at_risk": PreferenceInput(email=True, addresses=(), line=False)}, by=hanako)

    tell(shop, "account_at_risk", "1")
    tell(shop, "account_suspended", "2")
    send()

    assert [row.notification.type for row in line_rows()] == ["account_suspended"]
    assert SkippedRoute.objects.get(channel=Channel.LINE).reason == "switched_off"


def test_what_is_switched_off_while_it_waits_is_not_sent(line, flower, linked, shop, hanako):
    tell(shop)
    preferences.save(shop, {"account_at_risk": PreferenceInput(email=True, addresses=(), line=False)}, by=hanako)

    send()

    assert states() == [("cancelled", 0)]
    assert line.texts(flower) == []


def test_what_was_taken_back_while_a_worker_had_it_is_not_sent(line, flower, linked, shop):
    tell(shop)
    recall = Recall.objects.create(correction_ja="誤り", correction_en="Wrong")
    Notification.objects.update(recall=recall)

    send()

    assert states() == [("cancelled", 0)]
    assert [row.cause for row in line_rows()] == ["recalled"]
    assert line.texts(flower) == []


def test_a_link_that_ends_while_a_worker_has_the_message_is_noticed(line, flower, linked, shop):
    tell(shop)
    type(linked).objects.filter(pk=linked.pk).update(state=LinkState.BLOCKED)

    send()

    assert states() == [("cancelled", 0)]
    assert line.texts(flower) == []


@pytest.mark.parametrize(("sales", "by_line"), [("299.99", 0), ("300.00", 1), ("300.01", 1)])
def test_listings_go_to_line_from_300_dollars(line, linked, shop, sales, by_line):
    tell(shop, "listing_suspended", sales_28d_usd=sales)
    send()

    assert states() == [("sent", 0)] * by_line
    assert Delivery.objects.filter(channel=Channel.EMAIL).count() == 1


def test_the_retry_key_is_the_delivery_s_id(line, linked, shop):
    tell(shop)
    send()

    [row] = line_rows()
    assert line.platform.retry_keys.get(str(row.pk), now=line.platform.now()) is not None


def test_an_error_after_the_message_was_taken_sends_it_once(line, flower, linked, shop):
    line.fault(fail={"push": {"status": 500, "times": 1, "accepted": True}})
    tell(shop)

    send()
    in_between = states()
    due_now()
    send()

    assert in_between == [("queued", 1)]
    assert states() == [("sent", 1)]
    assert len(line.texts(flower)) == 1


def test_an_answer_that_is_too_late_sends_it_once(line, flower, linked, shop, monkeypatch):
    from notifications.channels.line import client

    monkeypatch.setattr(client, "_TIMEOUT", (LIMIT_SECONDS, 0.3))
    line.fault(delay_ms={"push": MAX_DELAY_MS})
    tell(shop)
    send()
    in_between = states()
    monkeypatch.setattr(client, "_TIMEOUT", (LIMIT_SECONDS, LIMIT_SECONDS))
    line.platform.faults.clear()
    wait_until(lambda: line.texts(flower), "LINE has taken the first one after all")
    due_now()
    send()

    assert in_between == [("queued", 1)]
    assert states() == [("sent", 1)]
    assert len(line.texts(flower)) == 1


def test_after_23_hours_in_doubt_it_is_not_repeated(line, flower, linked, shop):
    line.fault(fail={"push": {"status": 500, "times": 1, "accepted": True}})
    tell(shop)
    send()
    Attempt.objects.update(at=timezone.now() - timedelta(hours=23, minutes=1))
    line.platform.advance(25 * 3600)  # LINE has forgotten the key

    due_now()
    send()

    assert [row.status for row in line_rows()] == ["failed"]
    assert "24 hours" in line_rows()[0].answer
    assert len(line.texts(flower)) == 1


def test_what_line_refused_days_ago_leaves_no_doubt_and_an_operator_has_it_sent_again(line, flower, linked, shop, omar):
    line.fault(fail={"push": {"status": 400, "times": 1}})
    tell(shop)
    send()
    refused = [row.status for row in line_rows()]
    Attempt.objects.update(at=timezone.now() - timedelta(days=3))

    done = requeue([row.pk for row in line_rows()], by=omar)
    send()

    assert (refused, done.count) == (["failed"], 1)
    assert states() == [("sent", 0)]
    assert len(line.texts(flower)) == 1


def test_a_worker_that_died_more_than_23_hours_ago_leaves_it_in_doubt_too(line, flower, linked, shop):
    tell(shop)
    Delivery.objects.filter(channel=Channel.LINE).update(
        lease="00000000-0000-0000-0000-000000000001", due_at=timezone.now() - timedelta(hours=24)
    )

    send()

    assert [row.status for row in line_rows()] == ["failed"]
    assert line.texts(flower) == []


def test_the_last_retry_comes_before_line_forgets(line, linked, shop):
    line.fault(fail={"push": {"status": 503, "times": 20}})
    tell(shop)

    for _ in range(7):
        send()
        due_now()

    assert states() == [("failed", 7)]


def test_what_line_refuses_fails_with_line_s_words(line, linked, shop):
    LineUser.objects.create(user_id="U" + "0" * 32)
    tell(shop)
    Delivery.objects.filter(channel=Channel.LINE).update(recipient="U" + "0" * 32)

    send()

    [row] = line_rows()
    assert (row.status, row.tries) == ("failed", 1)
    assert "'to'" in row.answer


def test_blocked_without_our_knowing_is_accepted_and_uses_no_quota(line, flower, linked, shop):
    flower.blocked = True
    tell(shop)

    send()

    assert states() == [("sent", 0)]
    assert (line.texts(flower), line.platform.faults.consumed) == ([], 0)


def test_an_old_token_is_renewed_once_without_a_failed_try(line, flower, linked, shop):
    tell(shop, key="1")
    send()
    line.platform.channel_tokens.clear()
    tell(shop, key="2")

    send()

    assert states() == [("sent", 0), ("sent", 0)]
    assert not Attempt.objects.exists()


def test_credentials_that_line_does_not_take_stop_the_channel_and_burn_no_tries(
    line, flower, linked, shop, settings, monkeypatch
):
    settings.ADMINS = [("", "ops@ok.test")]
    for number in range(3):
        tell(shop, key=str(number))
    line.fault(fail={"push": {"status": 401, "times": 100}})

    send()
    stopped = states()
    due_now()
    send()
    line.platform.faults.clear()
    told = [(message.to, message.subject) for message in mail.outbox]
    tasks.look_after_line()
    send()

    assert stopped == [("queued", 0)] * 3
    assert told == [(["ops@ok.test"], "[SellerHub] LINE is paused")]
    assert states() == [("sent", 0)] * 3
    assert not ChannelPause.objects.exists()


def test_a_used_up_quota_pauses_line_until_the_month_ends_in_japan(line, flower, linked, shop, settings):
    settings.ADMINS = [("", "ops@ok.test")]
    line.fault(monthly_quota=1, consumed=1)
    tell(shop)

    send()
    due_now()
    send()

    pause = ChannelPause.objects.get()
    assert (pause.channel, pause.reason) == (Channel.LINE, PauseReason.QUOTA)
    assert pause.until == responses.month_end(datetime.now(UTC))
    assert states() == [("queued", 0)]
    assert abs(line_rows()[0].due_at - pause.until) < timedelta(seconds=5)
    assert len(mail.outbox) == 1
    assert Delivery.objects.get(channel=Channel.EMAIL).status == DeliveryStatus.QUEUED  # goes on by itself


def test_more_quota_lets_it_go_on(line, flower, linked, shop):
    line.fault(monthly_quota=1, consumed=1)
    tell(shop)
    send()

    still = line_bot.try_paused_channel()
    line.fault(monthly_quota=100)
    again = line_bot.try_paused_channel()
    send()

    assert (still, again) == (False, True)
    assert states() == [("sent", 0)]


def test_a_pause_that_is_over_holds_nothing_up(line, linked, shop):
    ChannelPause.objects.create(
        channel=Channel.LINE, reason=PauseReason.QUOTA, until=timezone.now() - timedelta(seconds=1)
    )
    tell(shop)

    send()

    assert channel_pause.current(Channel.LINE) is None
    assert states() == [("sent", 0)]


def test_a_rate_limit_backs_off_and_burns_no_tries(line, linked, shop):
    for number in range(8):
        tell(shop, key=str(number))
    line.fault(fail={"push": {"status": 429, "times": 100}})
    began = timezone.now()

    over = send()

    assert over is False
    assert states() == [("queued", 0)] * 8
    assert not ChannelPause.objects.exists()
    assert all(row.due_at > began + timedelta(seconds=40) for row in line_rows())


def test_a_line_that_hangs_gives_the_rest_back_soon(line, linked, shop, monkeypatch):
    from notifications.channels.line import client

    monkeypatch.setattr(client, "_TIMEOUT", (LIMIT_SECONDS, 0.2))
    line.fault(delay_ms={"push": MAX_DELAY_MS})
    for number in range(30):
        tell(shop, key=str(number))

    send()

    line.platform.faults.clear()
    tried = [tries for _status, tries in states()]
    assert sum(tried) <= 12  # three answers that did not come, and what was under way beside them
    assert {status for status, _tries in states()} == {"queued"}


def test_line_that_cannot_be_reached_burns_no_tries(line, linked, shop, monkeypatch):
    from notifications.channels.line.channel import LineChannel
    from notifications.channels.line.client import MessagingClient
    from notifications.channels.registry import CHANNELS

    channel = LineChannel(MessagingClient(replace(line.server, api_url="http://127.0.0.1:9")), concurrency=2)
    monkeypatch.setitem(CHANNELS, Channel.LINE, lambda: channel)
    tell(shop)

    send()
    channel.close()

    assert states() == [("queued", 0)]


def test_many_go_at_once(line, linked, shop):
    line.fault(delay_ms={"push": MAX_DELAY_MS})
    for number in range(12):
        tell(shop, key=str(number))

    def answer_when_four_wait() -> None:
        wait_until(lambda: line.platform.faults.held_up == 4, "four pushes are under way at once")
        line.platform.faults.clear()

    with ThreadPoolExecutor(1) as at_line:
        answered = at_line.submit(answer_when_four_wait)
        send()
        answered.result()

    assert states() == [("sent", 0)] * 12


def test_a_message_that_does_not_fit_is_never_sent(line, flower, linked, shop, monkeypatch):
    from notifications.delivery.composing import line_composer

    monkeypatch.setattr(
        line_composer, "render_bubble", lambda facts, language: ("alt", {"type": "bubble", "x": "y" * 31_000})
    )
    tell(shop)

    send()

    assert states() == [("failed", 1)]
    assert "(bubble)" in line_rows()[0].answer
    assert line.texts(flower) == []
