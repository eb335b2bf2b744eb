"""The message that a Selling Partner API parser gets, and the results it may return."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import SellerAccount
from notifications.models import Notification, Source

from ...pipeline import Event
from ...pipeline.events import LATE, MAX_KEY_LENGTH
from ..base import id_of_content
from .fields import Fields

_SPARE = timedelta(hours=1)
"""Allows for the time between this check of the clock and the later one in `pipeline.events.check`."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message of a known seller."""

    source: Source
    account: SellerAccount
    id: str
    payload: Fields
    """The payload without its wrapper, where it had one."""
    event_time: datetime | None
    """By the source's clock: fit to recognise the same event, not to order events."""
    now: datetime
    """When the message arrived."""

    def event(self, type: str, key: str, data: Mapping[str, object], *, at: datetime | None = None) -> Event:
        """Build an event; it occurred at the source's time where that is plausible, else at the time of arrival."""
        happened = at or self.event_time
        oldest = timezone.now() - LATE + _SPARE
        if happened is None or not oldest < happened <= self.now:
            happened = max(self.now, oldest)
        return Event(key, self.account.public_id, type, happened, data)

    def key(self, *parts: str) -> str:
        """Build a business key: the same event has the same key, whichever message brings it."""
        joined = ":".join((*parts[:1], self.account.public_id, *parts[1:]))
        return joined if len(joined) <= MAX_KEY_LENGTH else id_of_content(joined.encode())

    @property
    def moment(self) -> str:
        """Return what distinguishes this occurrence from the next of its kind, however often it is sent."""
        return self.id if self.event_time is None else self.event_time.isoformat()

    @property
    def week(self) -> str:
        """Return the ISO week, for events that are sent once a week at most."""
        year, week, _day = self.now.isocalendar()
        return f"{year}-W{week:02}"

    def was_told(self, key: str) -> bool:
        """Return whether an event with this key was accepted before this batch."""
        return Notification.objects.filter(source=self.source, event_id=key).exists()


@dataclass(frozen=True, slots=True)
class Ignored:
    """A message that sellers need not know of, and the reason."""

    why: str


Told = Event | Ignored | list[Event]
MessageParser = Callable[[Message], Told]
