"""The same product with a relay that is far away, beside one plain SMTP connection over the same line."""

import sys
from dataclasses import dataclass
from statistics import median

from . import events, mail
from .sink import slow_line, smtp_sink

ROUND_TRIP_SECONDS = 0.02
WORKERS = 2


@dataclass(frozen=True, slots=True)
class Size:
    events: int
    plain_events: int
    """One plain connection is slow here: a rate needs no more."""
    rounds: int


FULL = Size(events=3_000, plain_events=50, rounds=3)
QUICK = Size(events=500, plain_events=15, rounds=1)


@dataclass(frozen=True, slots=True)
class Figures:
    """Mails a second, medians of the rounds."""

    product: float
    plain: float

    @property
    def ratio(self) -> float:
        return self.product / self.plain


def measure(size: Size) -> Figures:
    product, plain = [], []
    with smtp_sink() as (sink, near), slow_line(near, round_trip=ROUND_TRIP_SECONDS) as port:
        for _ in range(size.rounds):
            cost = mail.deliver_to(port, size.events, workers=WORKERS, sink=sink)
            product.append(size.events * events.ADDRESSES / cost.seconds)
            cost, _size = mail.send_bare(size.plain_events, processes=1, port=port, sink=sink)
            plain.append(size.plain_events * events.ADDRESSES / cost.seconds)
            print(f"  far relay: {product[-1]:,.0f}/s, plain {plain[-1]:,.0f}/s", file=sys.stderr, flush=True)
    return Figures(median(product), median(plain))
