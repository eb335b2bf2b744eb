"""The book of one batch: what is still to be sent, what is under way, what is known and not yet recorded."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from uuid import UUID

from ..channels.base import Outcome, Verdict
from ..channels.email.channel import EmailMessage
from . import claims
from .claims import Claimed
from .composing import CannotComposeError
from .settling import Recording
from .timetable import pause, settlement

IN_DOUBT = 25
"""How many mails may be under way or sent and not yet recorded: so many a killed worker sends twice at most."""
_RECORD_AT_ONCE = IN_DOUBT // 2
_RECORD_WITHIN_SECONDS = 0.25
_GIVE_UP_AFTER_UNREACHABLE = 3


class Ledger:
    """Hands out the messages of one batch and records their outcomes."""

    def __init__(
        self,
        lease: UUID,
        deliveries: Sequence[Claimed],
        *,
        compose: Callable[[Claimed], EmailMessage],
        lease_length: timedelta,
        stop: Callable[[], bool],
    ) -> None:
        self._lease = lease
        self._deliveries = deliveries
        self._compose = compose
        self._lease_length = lease_length
        self._renew_at = time.monotonic() + lease_length.total_seconds() / 3
        self._stop = stop
        self._open = {delivery.id: delivery for delivery in deliveries}
        """Claimed and not recorded."""
        self._under_way: set[UUID] = set()
        """Taken by the channel, and not recorded."""
        self._known: list[Outcome] = []
        """Not yet on the way into the database."""
        self._recording: Recording | None = None
        self._recorded: list[Outcome] = []
        """On the way into the database."""
        self._record_at = 0.0
        self._unreachable_in_a_row = 0
        self._begun = 0

    @property
    def untouched(self) -> Sequence[Claimed]:
        """What was never handed out: the time was over, or the provider is out of order."""
        return self._deliveries[self._begun :]

    def may_start(self) -> bool:
        out_of_order = self._unreachable_in_a_row >= _GIVE_UP_AFTER_UNREACHABLE
        return len(self._under_way) < IN_DOUBT and not out_of_order and not self._stop()

    def messages(self) -> Iterator[EmailMessage]:
        """The messages of the batch. What cannot be written becomes an outcome, and the next is handed out."""
        for delivery in self._deliveries:
            self._begun += 1
            self._under_way.add(delivery.id)
            try:
                message = self._compose(delivery)
            except CannotComposeError as error:
                verdict = Verdict.REFUSED if error.permanent else Verdict.DEFERRED
                self._note([Outcome(delivery.id, verdict, error.detail)])
            else:
                yield message

    def take_in(self, outcomes: Iterable[Outcome]) -> None:
        """Note what became known, and record it when it is enough or old enough."""
        for outcome in outcomes:
            reached = outcome.verdict is not Verdict.UNREACHABLE
            self._unreachable_in_a_row = 0 if reached else self._unreachable_in_a_row + 1
            self._note([outcome])
        self._finish_recording(wait=len(self._under_way) >= IN_DOUBT)
        now = time.monotonic()
        if len(self._known) >= _RECORD_AT_ONCE or (self._known and now >= self._record_at):
            self._record()
        if now >= self._renew_at:
            self._finish_recording(wait=True)
            self._renew_at = now + self._lease_length.total_seconds() / 3
            claims.renew(self._lease, self._open, length=self._lease_length)

    def close(self) -> None:
        """Record the rest and give back what was never handed out. What is still under way keeps its lease."""
        self._finish_recording(wait=True)
        self._record()
        self._finish_recording(wait=True)
        if self.untouched:
            wait = timedelta() if self._stop() else pause(max(delivery.age for delivery in self.untouched))
            claims.release(self._lease, [delivery.id for delivery in self.untouched], wait=wait)

    def _note(self, outcomes: list[Outcome]) -> None:
        if not self._known:
            self._record_at = time.monotonic() + _RECORD_WITHIN_SECONDS
        self._known += outcomes

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
                self._under_way.discard(outcome.delivery_id)
            self._recording = None
