"""Celery tasks of the notifications app, a few lines each; `queue.enqueue` and the beat schedule start them."""

import time
from contextlib import suppress
from functools import partial

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import RedisError

from . import address_health, delivery, line_bot
from .address_health.repair import replays, test_messages
from .ingest import stock
from .ingest.formats.cart import reminders
from .operations import broadcasts, heartbeat, metrics, retention
from .queue import counters, enqueue, outbox
from .recipients import email_addresses, emergency_phone, line_account
from .types.enums import Channel

ROUNDS = 10
"""Outbox batches in one task; the rest is left to the next periodic run."""

DELIVERY_SECONDS = 10.0
"""How long one task sends before it enqueues the next, so that a worker can be stopped gracefully."""


FORGET_SECONDS = 100.0
"""How long one task deletes; less than the lock `_TURN_SECONDS` lasts."""


@shared_task(soft_time_limit=240, time_limit=300)
def deliver() -> None:
    """Send due e-mails. Also runs periodically, in case enqueueing failed."""
    _deliver(Channel.EMAIL)


@shared_task(soft_time_limit=240, time_limit=300)
def deliver_line() -> None:
    """Send due LINE messages; a separate task, so that a slow LINE does not delay e-mail."""
    _deliver(Channel.LINE)


def _deliver(channel: Channel) -> None:
    ring = partial(enqueue.enqueue_deliveries, channel)
    enqueue.clear_pending_deliveries(channel)
    if delivery.run(
        channel=channel, max_seconds=DELIVERY_SECONDS, call_helper=ring, after_batch=address_health.assess_due
    ):
        ring()


@shared_task(soft_time_limit=240, time_limit=300)
def send_settings_mail() -> None:
    """Send due outbox mail: confirmations, test mails, notices of a changed emergency phone, link or address."""
    for send_due in (
        email_addresses.send_due_confirmations,
        emergency_phone.send_due_notices,
        line_account.send_due_mails,
        test_messages.send_due_tests,
        address_health.send_due_notices,
    ):
        for _round in range(ROUNDS):
            if send_due() < outbox.BATCH:
                break


_LINE_TURN = "notifications.work_line.turn"
_TURN_SECONDS = 120
"""How long the lock lasts if its worker dies."""


@shared_task(soft_time_limit=240, time_limit=300)
def work_line() -> None:
    """Process LINE's webhook events, then send due notices and deauthorizations. Also runs periodically.

    One worker at a time, so that the others stay free for mail, however slow LINE is.
    """
    enqueue.clear_pending("work_line")
    if not _begin_alone(_LINE_TURN):
        return
    try:
        may_be_more = line_bot.work_off_events()
        if not may_be_more:
            line_bot.send_due_notices()
            line_account.deauthorize_due()
            line_account.send_due_mails()
    finally:
        _end_turn(_LINE_TURN)
    if may_be_more or line_bot.is_due():
        enqueue.enqueue_line_events()


@shared_task(soft_time_limit=240, time_limit=300)
def try_failing_addresses() -> None:
    """Assess addresses with new reports and start the due probes of suppressed addresses."""
    for _round in range(ROUNDS):
        if not address_health.assess_due():
            break
    if address_health.probe_due():
        enqueue.enqueue_deliveries()


@shared_task(soft_time_limit=240, time_limit=300)
def replay_held() -> None:
    """Continue the redelivery of held notifications to repaired addresses. Also runs periodically."""
    enqueue.clear_pending("replay_held")
    may_be_more = replays.work_off_due()
    enqueue.enqueue_deliveries()
    if may_be_more:
        enqueue.enqueue_replays()


def _begin_alone(turn: str) -> bool:
    try:
        return bool(cache.add(turn, 1, timeout=_TURN_SECONDS))
    except (RedisError, OSError):
        return True  # without a cache run twice rather than never: row claims keep the workers apart


def _end_turn(turn: str) -> None:
    with suppress(RedisError, OSError):  # the lock then expires by itself
        cache.delete(turn)


_REPORTS_TURN = "notifications.assess_mail_reports.turn"


@shared_task(soft_time_limit=240, time_limit=300)
def assess_mail_reports() -> None:
    """Assess addresses with new mail reports. Also runs periodically. One worker at a time, as with LINE."""
    enqueue.clear_pending("assess_mail_reports")
    if not _begin_alone(_REPORTS_TURN):
        return
    end = time.monotonic() + DELIVERY_SECONDS
    try:
        while may_be_more := address_health.assess_due() > 0:
            if time.monotonic() >= end:
                break
    finally:
        _end_turn(_REPORTS_TURN)
    if may_be_more:
        enqueue.enqueue_mail_reports()


@shared_task(soft_time_limit=240, time_limit=300)
def look_after_line() -> None:
    """Try a paused LINE channel again, record LINE's quota, and delete old LINE events and link attempts."""
    line_bot.try_paused_channel()
    line_bot.note_quota()
    line_bot.purge_events()
    line_account.purge_attempts()


@shared_task(soft_time_limit=240, time_limit=300)
def read_returned_mail() -> None:
    """Read returned mail and suppress the addresses that it reports as failing. Also runs periodically."""
    enqueue.clear_pending("read_returned_mail")
    if address_health.read_due():
        enqueue.enqueue_returned_mail()


@shared_task(soft_time_limit=240, time_limit=300)
def purge_returned_mail() -> None:
    """Delete returned mail and mail reports that have expired."""
    address_health.purge_returned()
    address_health.purge_reports()


@shared_task(soft_time_limit=1700, time_limit=1800)
def tell_out_of_stock() -> None:
    """Notify each seller, once a week, of popular products that are out of stock."""
    stock.tell_out_of_stock()


@shared_task(soft_time_limit=240, time_limit=300)
def remind_tracking_numbers() -> None:
    """Remind sellers of shipped orders that lack tracking numbers."""
    reminders.remind_due(timezone.now())


@shared_task(soft_time_limit=240, time_limit=300)
def send_broadcasts() -> None:
    """Send and recall operators' broadcasts. Also runs periodically; row locks keep workers apart."""
    enqueue.clear_pending("send_broadcasts")
    if broadcasts.work_off_due(max_seconds=DELIVERY_SECONDS):
        enqueue.enqueue_once("send_broadcasts")


@shared_task(soft_time_limit=20, time_limit=30)
def tick() -> None:
    """Record a heartbeat, which shows that beat, the broker and a worker are alive."""
    heartbeat.tick()


@shared_task(soft_time_limit=50, time_limit=60)
def add_up_counters() -> None:
    """Merge counter rows. May run twice at once."""
    counters.add_up()


@shared_task(soft_time_limit=90, time_limit=120)
def note_mail_domains() -> None:
    """Record for the metrics which mail domains return our mail."""
    metrics.note_domains()


_FORGET_TURN = "notifications.forget_old.turn"


@shared_task(soft_time_limit=240, time_limit=300)
def forget_old() -> None:
    """Delete expired rows for up to FORGET_SECONDS; the next task deletes what is left."""
    enqueue.clear_pending("forget_old")
    if not _begin_alone(_FORGET_TURN):
        return
    try:
        may_be_more = retention.forget_old(max_seconds=FORGET_SECONDS)
    finally:
        _end_turn(_FORGET_TURN)
    if may_be_more:
        enqueue.enqueue_once("forget_old")
