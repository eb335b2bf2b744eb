"""The book of one batch: what is still to be sent, what is under way, what is known and not yet recorded."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from ..channels.base import Outcome, PauseRequest, SendResult
from ..types.enums import Channel
from . import claims
from .claims import Claimed
from .composing import CannotComposeError
from .recorder import Recording
from .retry_policy import pause, settlement

MAX_UNRECORDED = {
    Channel.EMAIL: 25,
    # More may be under way: LINE recognises by its retry key what it took before.
    Channel.LINE: 500,
}
"""How many messages may be under way or sent and not yet recorded: so many a killed worker sends twice at most."""
_RECORD_WITHIN_SECONDS = 0.25
_GIVE_UP_AFTER_UNREACHABLE = 3


class BatchTracker:
    """Hands out the messages of one batch and records their outcomes."""

    def __init__(
        self,
        lease: UUID,
        deliveries: Sequence[Claimed],
        *,
        compose: Callable[[Claimed], Any],
        lease_length: timedelta,
        stop: Callable[[], bool],
        channel: Channel = Channel.EMAIL,
    ) -> None:
        self.pause_request: PauseRequest | None = None
        """Why the channel as a whole stands still, once it said so."""
        self._max_unrecorded = MAX_UNRECORDED[channel]
        self._lease = lease
        self._deliveries = deliveries
        self._compose = compose
        self._lease_length = lease_length
        self._renew_at = time.monotonic() + lease_length.total_seconds() / 3
        self._stop = stop
        self._open = {delivery.id: delivery for delivery in deliveries}
        """Claimed and not recorded."""
        self._with_provider: set[UUID] = set()
        """Handed over, and nothing known yet."""
        self._known: list[Outcome] = []
        """Not yet on the way into the database."""
        self._recording: Recording | None = None
        self._recorded: list[Outcome] = []
        """On the way into the database."""
        self._record_at = 0.0
        self._unreachable_in_a_row = 0

    def messages(self) -> Iterator[Any]:
        """The messages of the batch, until it is time to stop. What cannot be written becomes an outcome."""
        for delivery in self._deliveries:
            if self._stop() or self._unreachable_in_a_row >= _GIVE_UP_AFTER_UNREACHABLE:
                return
            try:
                message = self._compose(delivery)
            except CannotComposeError as error:
                self._note(Outcome(delivery.id, error.verdict, error.detail, cause=error.cause))
            else:
                yield message

    def reserve(self, delivery_id: UUID) -> bool:
        """Whether one more may be in doubt; if so, it is from now on."""
        if self._is_full:
            return False
        self._with_provider.add(delivery_id)
        return True

    def record(self, outcomes: Iterable[Outcome]) -> None:
        """Note what became known, and record it when it is enough or old enough."""
        for outcome in outcomes:
            reached = outcome.verdict is not SendResult.UNREACHABLE
            self.pause_request = outcome.pause_request or self.pause_request
            self._unreachable_in_a_row = 0 if reached else self._unreachable_in_a_row + 1
            self._note(outcome)
        self._finish_recording(wait=self._is_full)
        now = time.monotonic()
        if len(self._known) >= self._enough_to_record or now >= self._record_at:
            self._record()
        if now >= self._renew_at:
            self._finish_recording(wait=True)
            self._renew_at = now + self._lease_length.total_seconds() / 3
            claims.renew(self._lease, self._open, length=self._lease_length)

    def close(self) -> bool:
        """Record the rest and give back what was never handed over; returns whether there was any such.

        What may have arrived without an answer keeps its lease.
        """
        self._finish_recording(wait=True)
        self._record()
        self._finish_recording(wait=True)
        left = [delivery for delivery in self._open.values() if delivery.id not in self._with_provider]
        if left:
            wait = timedelta() if self._stop() else pause(max(delivery.age for delivery in left))
            claims.release(self._lease, [delivery.id for delivery in left], wait=wait)
        return bool(left)

    @property
    def _is_full(self) -> bool:
        return len(self._with_provider) + len(self._known) + len(self._recorded) >= self._max_unrecorded

    @property
    def _enough_to_record(self) -> int:
        """Half of the room that the provider leaves: the other half fills while this one is being recorded."""
        return max((self._max_unrecorded - len(self._with_provider)) // 2, 1)

    def _note(self, outcome: Outcome) -> None:
        if not self._known:
            self._record_at = time.monotonic() + _RECORD_WITHIN_SECONDS
        self._with_provider.discard(outcome.delivery_id)
        self._known.append(outcome)

    def _record(self) -> None:
        """Start to record what is known, where nothing else is being recorded."""
        if self._recording is None and self._known:
            settlements = [settlement(self._open[outcome.delivery_id], outcome) for outcome in self._known]
            self._recording = Recording(self._lease, settlements)
            self._recorded, self._known = self._known, []

    def _finish_recording(self, *, wait: bool = False) -> None:
        if self._recording is None:
            return
        if wait:
            self._recording.wait()
        if self._recording.is_done():
            for outcome in self._recorded:
                del self._open[outcome.delivery_id]
            self._recording, self._recorded = None, []
