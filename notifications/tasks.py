"""Celery entry points, and the bells that ring them."""

import logging
import time
from functools import partial
from typing import Any

from celery import shared_task
from django.core.cache import cache
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from . import addresses, chat, delivery, emergency, feedback, linking, owed_mail
from .enums import Channel
from .feedback import replaying, trials

logger = logging.getLogger(__name__)

ROUNDS = 10
"""Of owed mail in one task; what is left then is found by the next sweep."""
SWEEP_SECONDS = 30

DELIVERY_SECONDS = 10.0
"""How long one task delivers before it hands over to another, so that a worker can be stopped in good order."""
_BELL_SECONDS = 10
"""Should the task be lost on its way, the bell can be rung again after this."""


@shared_task(soft_time_limit=240, time_limit=300)
def deliver() -> None:
    """Send the e-mails that are due. Also the sweep: it needs no message to find them."""
    _deliver(Channel.EMAIL)


@shared_task(soft_time_limit=240, time_limit=300)
def deliver_line() -> None:
    """The same for LINE, by itself: a LINE that hangs must not hold up the mail."""
    _deliver(Channel.LINE)


def _deliver(channel: Channel) -> None:
    ring = partial(wake, channel)
    _silence(_bell_of(channel))
    if delivery.run(
        channel=channel, max_seconds=DELIVERY_SECONDS, call_helper=ring, after_batch=feedback.judge_due
    ):
        ring()


def wake(channel: Channel = Channel.EMAIL) -> None:
    """Have deliveries sent at once; however often it is rung, one task is on its way.

    When broker or cache are away, the sweep sends them a little later.
    """
    _ring(_bell_of(channel), deliver_line if channel == Channel.LINE else deliver)


def _bell_of(channel: Channel) -> str:
    return f"notifications.deliver.{channel.value}"


@shared_task(soft_time_limit=240, time_limit=300)
def send_settings_mail() -> None:
    """Send what the settings owe: confirmation mails, notices of a changed emergency phone or LINE link."""
    for send_due in (
        addresses.send_due_confirmations,
        emergency.send_due_notices,
        linking.send_due_letters,
        trials.send_due_tests,
        feedback.send_due_notices,
    ):
        for _round in range(ROUNDS):
            if send_due() < owed_mail.BATCH:
                break


def ring_settings_mail() -> None:
    """Have that mail sent at once. When the broker is away, the sweep sends it a little later."""
    try:
        send_settings_mail.apply_async(expires=SWEEP_SECONDS, retry=False)
    except OperationalError as error:
        logger.warning("The broker is away, so the sweep will send the mail: %s.", type(error).__name__)


_LINE_BELL, _LINE_TURN = "notifications.work_line", "notifications.work_line.turn"
_REPLAY_BELL = "notifications.replay_held"
_TURN_SECONDS = 120
"""Should the worker die, another may have the turn after this."""


@shared_task(soft_time_limit=240, time_limit=300)
def work_line() -> None:
    """Work off what LINE told and what is owed to LINE about links. Also the sweep.

    One worker at a time: the others stay free for mail, however slow LINE is.
    """
    _silence(_LINE_BELL)
    if not _begin_alone(_LINE_TURN):
        return
    try:
        may_be_more = chat.work_off_events()
        if not may_be_more:
            chat.send_due_notices()
            linking.deauthorize_due()
            linking.send_due_letters()
    finally:
        _silence(_LINE_TURN)
    if may_be_more or chat.is_due():
        ring_line()


@shared_task(soft_time_limit=240, time_limit=300)
def try_failing_addresses() -> None:
    """Have one held notification try each address whose time has come; judge what nobody judged yet."""
    for _round in range(ROUNDS):
        if not feedback.judge_due():
            break
    if feedback.probe_due():
        wake()


@shared_task(soft_time_limit=240, time_limit=300)
def replay_held() -> None:
    """Go on sending what was held for repaired addresses. Also the sweep."""
    _silence(_REPLAY_BELL)
    may_be_more = replaying.work_off_due()
    wake()
    if may_be_more:
        ring_replay()


def ring_replay() -> None:
    """Have that done at once."""
    _ring(_REPLAY_BELL, replay_held)


def _begin_alone(turn: str) -> bool:
    try:
        return bool(cache.add(turn, 1, timeout=_TURN_SECONDS))
    except (RedisError, OSError):
        return True  # without a cache rather twice than not at all: claims keep the workers apart


def ring_line() -> None:
    """Have that done at once."""
    _ring(_LINE_BELL, work_line)


_REPORTS_BELL, _REPORTS_TURN = "notifications.judge_mail_reports", "notifications.judge_mail_reports.turn"


@shared_task(soft_time_limit=240, time_limit=300)
def judge_mail_reports() -> None:
    """Bring addresses to what became known of their mail. Also the sweep. One worker at a time, as with LINE."""
    _silence(_REPORTS_BELL)
    if not _begin_alone(_REPORTS_TURN):
        return
    end = time.monotonic() + DELIVERY_SECONDS
    try:
        while may_be_more := feedback.judge_due() > 0:
            if time.monotonic() >= end:
                break
    finally:
        _silence(_REPORTS_TURN)
    if may_be_more:
        ring_mail_reports()


def ring_mail_reports() -> None:
    """Have that done at once."""
    _ring(_REPORTS_BELL, judge_mail_reports)


@shared_task(soft_time_limit=240, time_limit=300)
def look_after_line() -> None:
    """Try a stopped channel again, and delete what has served its time."""
    chat.try_paused_channel()
    chat.purge_events()
    linking.purge_attempts()


_RETURNED_BELL = "notifications.read_returned_mail"


@shared_task(soft_time_limit=240, time_limit=300)
def read_returned_mail() -> None:
    """Read the mail that came back, and stop the addresses that it says are dead. Also the sweep."""
    _silence(_RETURNED_BELL)
    if feedback.read_due():
        ring_returned_mail()


def ring_returned_mail() -> None:
    """Have that done at once."""
    _ring(_RETURNED_BELL, read_returned_mail)


@shared_task(soft_time_limit=240, time_limit=300)
def purge_returned_mail() -> None:
    """Delete returned mail and reports that have served their time."""
    feedback.purge_returned()
    feedback.purge_reports()


def _ring(bell: str, task: Any) -> None:
    try:
        if cache.add(bell, 1, timeout=_BELL_SECONDS):
            task.apply_async(retry=False)
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("Nobody could be woken, so the sweep will deliver: %s.", type(error).__name__)


def _silence(bell: str) -> None:
    """From here on a ring means work that this task may not see."""
    try:
        cache.delete(bell)
    except (RedisError, OSError) as error:
        logger.warning("The bell cannot be silenced: %s.", type(error).__name__)
