"""Celery entry points, a few lines each; the bells in `bells` ring them."""

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
"""Of owed mail in one task; what is left then is found by the next sweep."""

DELIVERY_SECONDS = 10.0
"""How long one task delivers before it hands over to another, so that a worker can be stopped in good order."""


FORGET_SECONDS = 100.0
"""How long one task deletes; below the time that a turn lasts."""


@shared_task(soft_time_limit=240, time_limit=300)
def deliver() -> None:
    """Send the e-mails that are due. Also the sweep: it needs no message to find them."""
    _deliver(Channel.EMAIL)


@shared_task(soft_time_limit=240, time_limit=300)
def deliver_line() -> None:
    """The same for LINE, by itself: a LINE that hangs must not hold up the mail."""
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
    """Send what the settings owe: confirmation mails, notices of a changed emergency phone or LINE link."""
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
"""Should the worker die, another may have the turn after this."""


@shared_task(soft_time_limit=240, time_limit=300)
def work_line() -> None:
    """Work off what LINE told and what is owed to LINE about links. Also the sweep.

    One worker at a time: the others stay free for mail, however slow LINE is.
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
    """Have one held notification try each address whose time has come; judge what nobody judged yet."""
    for _round in range(ROUNDS):
        if not address_health.assess_due():
            break
    if address_health.probe_due():
        enqueue.enqueue_deliveries()


@shared_task(soft_time_limit=240, time_limit=300)
def replay_held() -> None:
    """Go on sending what was held for repaired addresses. Also the sweep."""
    enqueue.clear_pending("replay_held")
    may_be_more = replays.work_off_due()
    enqueue.enqueue_deliveries()
    if may_be_more:
        enqueue.enqueue_replays()


def _begin_alone(turn: str) -> bool:
    try:
        return bool(cache.add(turn, 1, timeout=_TURN_SECONDS))
    except (RedisError, OSError):
        return True  # without a cache rather twice than not at all: claims keep the workers apart


def _end_turn(turn: str) -> None:
    with suppress(RedisError, OSError):  # then it ends by itself
        cache.delete(turn)


_REPORTS_TURN = "notifications.assess_mail_reports.turn"


@shared_task(soft_time_limit=240, time_limit=300)
def assess_mail_reports() -> None:
    """Bring addresses to what became known of their mail. Also the sweep. One worker at a time, as with LINE."""
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
    """Try a stopped channel again, and delete what has served its time."""
    line_bot.try_paused_channel()
    line_bot.note_quota()
    line_bot.purge_events()
    line_account.purge_attempts()


@shared_task(soft_time_limit=240, time_limit=300)
def read_returned_mail() -> None:
    """Read the mail that came back, and stop the addresses that it says are dead. Also the sweep."""
    enqueue.clear_pending("read_returned_mail")
    if address_health.read_due():
        enqueue.enqueue_returned_mail()


@shared_task(soft_time_limit=240, time_limit=300)
def purge_returned_mail() -> None:
    """Delete returned mail and reports that have served their time."""
    address_health.purge_returned()
    address_health.purge_reports()


@shared_task(soft_time_limit=1700, time_limit=1800)
def tell_out_of_stock() -> None:
    """Tell each shop, once a week, which popular products it has run out of."""
    stock.tell_out_of_stock()


@shared_task(soft_time_limit=240, time_limit=300)
def remind_tracking_numbers() -> None:
    """Remind shops of shipped orders that lack their tracking numbers."""
    reminders.remind_due(timezone.now())


@shared_task(soft_time_limit=240, time_limit=300)
def send_broadcasts() -> None:
    """Take back and send what operators tell many shops. Also the sweep; locked rows keep workers apart."""
    enqueue.clear_pending("send_broadcasts")
    if broadcasts.work_off_due(max_seconds=DELIVERY_SECONDS):
        enqueue.enqueue_once("send_broadcasts")


@shared_task(soft_time_limit=20, time_limit=30)
def tick() -> None:
    """Say that beat, the broker and a worker are alive."""
    heartbeat.tick()


@shared_task(soft_time_limit=50, time_limit=60)
def add_up_counters() -> None:
    """Put the counters' rows together. May run twice at once."""
    counters.add_up()


@shared_task(soft_time_limit=90, time_limit=120)
def note_mail_domains() -> None:
    """Read which mail domains return our mail."""
    metrics.note_domains()


_FORGET_TURN = "notifications.forget_old.turn"


@shared_task(soft_time_limit=240, time_limit=300)
def forget_old() -> None:
    """Delete what has served its time; what is left when the time is over, the next task deletes."""
    enqueue.clear_pending("forget_old")
    if not _begin_alone(_FORGET_TURN):
        return
    try:
        may_be_more = retention.forget_old(max_seconds=FORGET_SECONDS)
    finally:
        _end_turn(_FORGET_TURN)
    if may_be_more:
        enqueue.enqueue_once("forget_old")
