"""One message as its reader sees it, and what readers answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import SellerAccount

from ...intake import Event
from ...intake.events import LATE
from ...models import Source
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

    @property
    def moment(self) -> str:
        """Tells this piece of news from the next one of the same kind, however often it is sent."""
        return self.id if self.event_time is None else self.event_time.isoformat()


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing that sellers must know, and why."""

    why: str


Told = Event | Ignored | list[Event]
Reader = Callable[[Message], Told]
