"""One message as its reader sees it, and what readers answer."""

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
"""Between our look at a clock and that of the door."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message of a known seller."""

    source: Source
    account: SellerAccount
    id: str
    payload: Fields
    """Without its wrapper, where it had one."""
    event_time: datetime | None
    """By the clock of the source: good to recognise the same news, not to order it."""
    now: datetime
    """When it came."""

    def event(self, type: str, key: str, data: Mapping[str, object], *, at: datetime | None = None) -> Event:
        """What is told. It happened when the source says, as far as that can be believed; else when it came."""
        happened = at or self.event_time
        oldest = timezone.now() - LATE + _SPARE
        if happened is None or not oldest < happened <= self.now:
            happened = max(self.now, oldest)
        return Event(key, self.account.public_id, type, happened, data)

    def key(self, *parts: str) -> str:
        """A business key: the same for the same news, whichever message brings it."""
        joined = ":".join((*parts[:1], self.account.public_id, *parts[1:]))
        return joined if len(joined) <= MAX_KEY_LENGTH else id_of_content(joined.encode())

    @property
    def moment(self) -> str:
        """Tells this piece of news from the next one of the same kind, however often it is sent."""
        return self.id if self.event_time is None else self.event_time.isoformat()

    @property
    def week(self) -> str:
        """For what is told once a week at the most."""
        year, week, _day = self.now.isocalendar()
        return f"{year}-W{week:02}"

    def was_told(self, key: str) -> bool:
        """Whether an event with this key came before this batch."""
        return Notification.objects.filter(source=self.source, event_id=key).exists()


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing that sellers must know, and why."""

    why: str


Told = Event | Ignored | list[Event]
MessageParser = Callable[[Message], Told]
