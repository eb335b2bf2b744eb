"""The loop of a worker."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import groupby
from operator import attrgetter

from django.conf import settings

from ..channels.table import CHANNELS
from .claims import Batch, claim
from .composing import Composer
from .ledger import Ledger

logger = logging.getLogger(__name__)


def run(*, max_seconds: float, call_helper: Callable[[], None] = lambda: None) -> bool:
    """Send what is due, until nothing is, the provider is out of order or the time is over.

    `call_helper` is called when there is more to do than one batch. Returns whether the time was over first.
    """
    end = time.monotonic() + max_seconds
    lease_length = timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)

    def is_over() -> bool:
        return time.monotonic() >= end

    while not is_over():
        batch = claim(settings.DELIVERY_BATCH, length=lease_length)
        if not batch.deliveries:
            return False
        if len(batch.deliveries) == settings.DELIVERY_BATCH:
            call_helper()
        if not _send(batch, lease_length=lease_length, stop=is_over):
            return False
    return True


def _send(batch: Batch, *, lease_length: timedelta, stop: Callable[[], bool]) -> bool:
    """Send one batch; false when a provider cannot be reached."""
    reached = True
    for channel, deliveries in groupby(batch.deliveries, attrgetter("channel")):
        group = list(deliveries)
        ledger = Ledger(batch.lease, group, compose=Composer(group).compose, lease_length=lease_length, stop=stop)
        try:
            for outcomes in CHANNELS[channel]().send(ledger.messages(), may_hand_over=ledger.may_hand_over):
                ledger.take_in(outcomes)
        finally:
            has_left_some = ledger.close()
        if has_left_some and not stop():
            logger.error("The provider of %s cannot be reached; deliveries wait.", channel)
            reached = False
    return reached
