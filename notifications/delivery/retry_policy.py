"""When to try again. Pure."""

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
    # The last one would come when LINE has forgotten the retry key, and what it took would arrive twice.
    Channel.LINE: RETRIES[:-1],
}
_SHORTEST_PAUSE = timedelta(minutes=1)
_MAX_PAUSE = timedelta(minutes=5)


class Settlement(NamedTuple):
    """What is written down about one delivery."""

    outcome: Outcome
    status: DeliveryStatus
    tries: int
    wait: timedelta = timedelta()
    """Until it is due again, where it stays queued."""

    cause: str = ""
    """Why it does not arrive."""

    @property
    def blames_address(self) -> bool:
        """Whether it ended by what a mail server said: news about the address."""
        return self.status is DeliveryStatus.FAILED and self.outcome.code is not None and bool(self.cause)

    @property
    def is_failed_try(self) -> bool:
        return self.outcome.verdict in (SendResult.REFUSED, SendResult.DEFERRED)


def settlement(claimed: Claimed, outcome: Outcome) -> Settlement:
    """What an outcome means: sent, failed, or when the next try is due."""
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
    """What a mail server's last word means; a timetable that is used up means that it could not be reached."""
    if outcome.code is None:
        return ""
    reason = classify(outcome.code, "", outcome.detail)
    if outcome.verdict is SendResult.DEFERRED and reason is BounceReason.OTHER:
        return BounceReason.EXPIRED
    return reason


def pause(age: timedelta) -> timedelta:
    """How long to wait while the provider cannot be reached: longer when the delivery is old, up to a bound."""
    return _spread(min(max(age / 4, _SHORTEST_PAUSE), _MAX_PAUSE))


def _spread(wait: timedelta) -> timedelta:
    """Ten per cent more or less, so that what failed together does not come back together."""
    return wait * random.uniform(0.9, 1.1)  # noqa: S311  (no secret)
