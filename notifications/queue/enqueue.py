"""Put the tasks of `notifications.tasks` into the queue, each once at a time.

Tasks are named, not imported, so that every area may enqueue them.
"""

import logging

from celery import signature
from django.core.cache import cache
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from notifications.types.enums import Channel

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 30
"""How often the periodic task sends settings mail; a task enqueued for it expires after that."""
_PENDING_SECONDS = 10
"""A task that was lost on its way can be enqueued again after so long."""

_DELIVER = {Channel.EMAIL: "deliver", Channel.LINE: "deliver_line"}


def enqueue_deliveries(channel: Channel = Channel.EMAIL) -> None:
    """Enqueue the delivery task of a channel, unless it is enqueued already.

    Without broker or cache the periodic task sends the deliveries a few seconds later.
    """
    enqueue_once(_DELIVER[channel])


def clear_pending_deliveries(channel: Channel) -> None:
    """Clear the pending flag of a channel's delivery task; the task does so before it looks for work."""
    clear_pending(_DELIVER[channel])


def enqueue_line_events() -> None:
    """Enqueue the task that handles stored LINE events."""
    enqueue_once("work_line")


def enqueue_replays() -> None:
    """Enqueue the task that sends what was held for repaired addresses."""
    enqueue_once("replay_held")


def enqueue_mail_reports() -> None:
    """Enqueue the task that assesses addresses by their new mail reports."""
    enqueue_once("assess_mail_reports")


def enqueue_returned_mail() -> None:
    """Enqueue the task that parses stored returned mail."""
    enqueue_once("read_returned_mail")


def enqueue_settings_mail() -> None:
    """Enqueue the task that sends settings mail, for each change: one that runs may have looked before it."""
    try:
        signature(_name("send_settings_mail")).apply_async(expires=SWEEP_SECONDS, retry=False)
    except OperationalError as error:
        logger.warning("Broker unavailable; the periodic task sends the mail: %s.", type(error).__name__)


def enqueue_once(task: str) -> None:
    """Enqueue a task of `notifications.tasks` by its name, unless it is enqueued already."""
    try:
        if cache.add(_pending_key(task), 1, timeout=_PENDING_SECONDS):
            signature(_name(task)).apply_async(retry=False)
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("Broker unavailable; the periodic task does the work: %s.", type(error).__name__)


def clear_pending(task: str) -> None:
    """Let the task be enqueued again: from here on new work may come that the running one does not see."""
    try:
        cache.delete(_pending_key(task))
    except (RedisError, OSError) as error:
        logger.warning("Failed to clear the pending flag of a task: %s.", type(error).__name__)


def _name(task: str) -> str:
    return f"notifications.tasks.{task}"


def _pending_key(task: str) -> str:
    return f"notifications.pending.{task}"
