"""Send due deliveries in batches: claim, compose, hand over, record, release.

    claims.claim ──▶ composing.COMPOSERS ──▶ BatchTracker.messages ◀─pulled by─ Channel.send
                                                   │                                │ outcomes
    each recorded in a transaction of its own ◀── BatchTracker.record ◀─────────────┘
    BatchTracker.close records the rest and releases what was not handed over

The channel pulls messages one by one and asks `BatchTracker.reserve` before it hands one over, so that no more than
`MAX_UNRECORDED` messages are without a recorded outcome at any time.
"""

import logging
import time
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings

from ..channels.registry import CHANNELS
from ..queue import channel_pause
from ..types.enums import Channel
from .batch_tracker import BatchTracker
from .claims import Batch, claim, release
from .composing import COMPOSERS

logger = logging.getLogger(__name__)


def run(
    *,
    max_seconds: float,
    call_helper: Callable[[], None] = lambda: None,
    after_batch: Callable[[], object] = lambda: None,
    channel: Channel = Channel.EMAIL,
) -> bool:
    """Send what is due by one channel, until nothing is, the provider is out of order or the time is over.

    `call_helper` is called when there is more to do than one batch, `after_batch` when one is through. Returns
    whether the time was over first.
    """
    end = time.monotonic() + max_seconds
    lease_length = timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)

    def is_over() -> bool:
        return time.monotonic() >= end

    while not is_over():
        batch = claim(settings.DELIVERY_BATCH, length=lease_length, channel=channel)
        if not batch.deliveries:
            return False
        if (left := channel_pause.time_left(channel)) is not None:
            release(batch.lease, [delivery.id for delivery in batch.deliveries], wait=left)
            continue
        if len(batch.deliveries) == settings.DELIVERY_BATCH:
            call_helper()
        reached = _send(channel, batch, lease_length=lease_length, stop=is_over)
        after_batch()
        if not reached:
            return False
    return True


def _send(channel: Channel, batch: Batch, *, lease_length: timedelta, stop: Callable[[], bool]) -> bool:
    """Send one batch; false when the provider cannot be reached."""
    composer = COMPOSERS[channel](batch.deliveries)
    tracker = BatchTracker(
        batch.lease,
        batch.deliveries,
        compose=composer.compose,
        lease_length=lease_length,
        stop=stop,
        channel=channel,
    )
    try:
        for outcomes in CHANNELS[channel]().send(tracker.messages(), reserve=tracker.reserve):
            tracker.record(outcomes)
    finally:
        has_left_some = tracker.close()
    if tracker.pause_request is not None:
        channel_pause.begin(channel, tracker.pause_request)
        return False
    if has_left_some and not stop():
        logger.error("The provider of %s cannot be reached; deliveries wait.", channel)
        return False
    return True
