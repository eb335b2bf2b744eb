"""The bells that wake tasks. They name the tasks and import none, so that rules and doors may stand below them."""

import logging

from celery import signature
from django.core.cache import cache
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from notifications.types.enums import Channel

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 30
"""How often the timetable sends what the settings owe; a ring for it need not wait longer."""
_BELL_SECONDS = 10
"""Should the task be lost on its way, the bell can be rung again after this."""

_DELIVER = {Channel.EMAIL: "deliver", Channel.LINE: "deliver_line"}


def enqueue_deliveries(channel: Channel = Channel.EMAIL) -> None:
    """Have deliveries sent at once; however often it is rung, one task is on its way.

    When broker or cache are away, the sweep sends them a little later.
    """
    enqueue_once(_DELIVER[channel])


def clear_pending_deliveries(channel: Channel) -> None:
    """See `silence`."""
    clear_pending(_DELIVER[channel])


def enqueue_line_events() -> None:
    """Have worked off at once what LINE told."""
    enqueue_once("work_line")


def enqueue_replays() -> None:
    """Have what was held for repaired addresses sent at once."""
    enqueue_once("replay_held")


def enqueue_mail_reports() -> None:
    """Have addresses brought at once to what became known of their mail."""
    enqueue_once("assess_mail_reports")


def enqueue_returned_mail() -> None:
    """Have the mail that came back read at once."""
    enqueue_once("read_returned_mail")


def enqueue_settings_mail() -> None:
    """Have what the settings owe sent at once, for each change: a task that runs may have looked before it."""
    try:
        signature(_name("send_settings_mail")).apply_async(expires=SWEEP_SECONDS, retry=False)
    except OperationalError as error:
        logger.warning("The broker is away, so the sweep will send the mail: %s.", type(error).__name__)


def enqueue_once(task: str) -> None:
    """Put a task of `notifications.tasks` on its way, unless it is on its way already."""
    try:
        if cache.add(_bell_of(task), 1, timeout=_BELL_SECONDS):
            signature(_name(task)).apply_async(retry=False)
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("Nobody could be woken, so the sweep will deliver: %s.", type(error).__name__)


def clear_pending(task: str) -> None:
    """From here on a ring means work that this task may not see."""
    try:
        cache.delete(_bell_of(task))
    except (RedisError, OSError) as error:
        logger.warning("The bell cannot be silenced: %s.", type(error).__name__)


def _name(task: str) -> str:
    return f"notifications.tasks.{task}"


def _bell_of(task: str) -> str:
    return f"notifications.bell.{task}"
