"""Celery entry points, and the bells that ring them."""

import logging

from celery import shared_task
from kombu.exceptions import OperationalError

from . import addresses, emergency, owed_mail

logger = logging.getLogger(__name__)

ROUNDS = 10
"""Of owed mail in one task; what is left then is found by the next sweep."""
SWEEP_SECONDS = 30


@shared_task
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
