"""Celery entry points, and the bells that ring them."""

import logging

from celery import shared_task
from django.core.cache import cache
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from . import addresses, delivery, emergency, owed_mail

logger = logging.getLogger(__name__)

ROUNDS = 10
"""Of owed mail in one task; what is left then is found by the next sweep."""
SWEEP_SECONDS = 30

DELIVERY_SECONDS = 10.0
"""How long one task delivers before it hands over to another, so that a worker can be stopped in good order."""
_BELL = "notifications.deliver"
_BELL_SECONDS = 10
"""Should the task be lost on its way, the bell can be rung again after this."""


@shared_task(soft_time_limit=240, time_limit=300)
def deliver() -> None:
    """Send the deliveries that are due. Also the sweep: it needs no message to find them."""
    _silence_bell()
    if delivery.run(max_seconds=DELIVERY_SECONDS, call_helper=wake):
        wake()


def wake() -> None:
    """Have deliveries sent at once; however often it is rung, one task is on its way.

    When broker or cache are away, the sweep sends them a little later.
    """
    try:
        if cache.add(_BELL, 1, timeout=_BELL_SECONDS):
            deliver.apply_async(retry=False)
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("Nobody could be woken, so the sweep will deliver: %s.", type(error).__name__)


def _silence_bell() -> None:
    """From here on a ring means work that this task may not see."""
    try:
        cache.delete(_BELL)
    except (RedisError, OSError) as error:
        logger.warning("The bell cannot be silenced: %s.", type(error).__name__)


@shared_task(soft_time_limit=240, time_limit=300)
def send_settings_mail() -> None:
    """Send what the settings owe: confirmation mails and notices of a changed emergency phone."""
    for send_due in (addresses.send_due_confirmations, emergency.send_due_notices):
        for _round in range(ROUNDS):
            if send_due() < owed_mail.BATCH:
                break


def ring_settings_mail() -> None:
    """Have that mail sent at once. When the broker is away, the sweep sends it a little later."""
    try:
        send_settings_mail.apply_async(expires=SWEEP_SECONDS, retry=False)
    except OperationalError as error:
        logger.warning("The broker is away, so the sweep will send the mail: %s.", type(error).__name__)
