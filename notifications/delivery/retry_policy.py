"""Decide from a send result whether and when a delivery is tried again. Pure functions, no I/O."""

import random
from datetime import timedelta
from typing import NamedTuple

from ..channels.base import Outcome, SendResult
from ..channels.email.bounces import classify
from ..types.enums import BounceReason, Channel, DeliveryStatus
from .claims import Claimed

RETRIES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
)
RETRIES_OF: dict[Channel, tuple[timedelta, ...]] = {
    Channel.EMAIL: RETRIES,
    # The last retry would come after LINE has dropped the retry key, so the message could arrive twice.
    Channel.LINE: RETRIES[:-1],
}
_SHORTEST_PAUSE = timedelta(minutes=1)
_MAX_PAUSE = timedelta(minutes=5)


class Settlement(NamedTuple):
    """What is recorded about one delivery."""

    outcome: Outcome
    status: DeliveryStatus
    tries: int
    wait: timedelta = timedelta()
    """Time until it is due again, if it stays queued."""

    cause: str = ""
    """The reason why it does not arrive; may be empty."""

    @property
    def blames_address(self) -> bool:
        """Whether a mail server's response ended it, which counts for the address health."""
        return self.status is DeliveryStatus.FAILED and self.outcome.code is not None and bool(self.cause)

    @property
    def is_failed_try(self) -> bool:
        return self.outcome.verdict in (SendResult.REFUSED, SendResult.DEFERRED)


def settlement(claimed: Claimed, outcome: Outcome) -> Settlement:
    """Return the status that follows from an outcome: sent, failed, cancelled, held, or queued with a wait."""
    match outcome.verdict:
        case SendResult.ACCEPTED:
            return Settlement(outcome, DeliveryStatus.SENT, claimed.tries)
        case SendResult.UNREACHABLE:
            return Settlement(outcome, DeliveryStatus.QUEUED, claimed.tries, pause(claimed.age))
        case SendResult.CANCELLED:
            return Settlement(outcome, DeliveryStatus.CANCELLED, claimed.tries, cause=outcome.cause)
        case SendResult.HELD:
            return Settlement(outcome, DeliveryStatus.HELD, claimed.tries, cause=outcome.cause)
        case SendResult.DEFERRED if claimed.tries < len(RETRIES_OF[Channel(claimed.channel)]):
            wait = _spread(RETRIES[claimed.tries])
            return Settlement(outcome, DeliveryStatus.QUEUED, claimed.tries + 1, wait)
        case _:
            cause = _cause(outcome) if claimed.channel == Channel.EMAIL else ""
            return Settlement(outcome, DeliveryStatus.FAILED, claimed.tries + 1, cause=cause)


def _cause(outcome: Outcome) -> str:
    """Classify a mail server's last response; when all retries are used up, it counts as unreachable."""
    if outcome.code is None:
        return ""
    reason = classify(outcome.code, "", outcome.detail)
    if outcome.verdict is SendResult.DEFERRED and reason is BounceReason.OTHER:
        return BounceReason.EXPIRED
    return reason


def pause(age: timedelta) -> timedelta:
    """Return the wait while the provider cannot be reached: a quarter of the delivery's age, 1 to 5 minutes."""
    return _spread(min(max(age / 4, _SHORTEST_PAUSE), _MAX_PAUSE))


def _spread(wait: timedelta) -> timedelta:
    """Vary by ten per cent, so that deliveries that failed together are not retried together."""
    return wait * random.uniform(0.9, 1.1)  # noqa: S311  (no secret)
