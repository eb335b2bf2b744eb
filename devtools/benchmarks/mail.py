"""From an event posted to an outcome recorded: the product, the yardstick and the anchor by turns."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from types import ModuleType

from . import anchor, door, events, places, product, servers, shops
from .cost import Cost, Meter
from .processes import Program
from .sink import free_port, smtp_sink
from .site import LEAST_MAILS_PER_SECOND, READY_SECONDS, Site

ONE_WORKER = "SellerHub, 1 worker process"
TWO_WORKERS = "SellerHub, 2 worker processes"
YARDSTICK = "Y: bare smtplib loop, 2 processes"
TUNED = "django-post_office, tuned by hand"
DEFAULTS = "django-post_office, defaults"
INTAKE = "SellerHub, events taken in"
_ORDER = (TWO_WORKERS, ONE_WORKER, YARDSTICK, TUNED, DEFAULTS, INTAKE)

WARM_UP_EVENTS = 200
_WARM_UP_FROM = 80_000_000


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured how often."""

    events: int
    slow_events: int
    """For the anchor at its defaults: a rate needs no more."""
    rounds: int


FULL = Size(events=10_000, slow_events=2_500, rounds=3)
QUICK = Size(events=1_000, slow_events=250, rounds=1)


@dataclass(frozen=True, slots=True)
class Figures:
    """The medians of the rounds. Per 1,000 mails, for the intake per 1,000 events."""

    who: str
    count: int
    per_second: float
    python_cpu: float
    """Seconds per 1,000."""
    all_cpu: float
    memory: float
    """Megabytes of the Python processes at the peak."""


def measure(size: Size) -> tuple[list[Figures], int]:
    """Everybody's figures, and the mean size of a mail in bytes."""
    anchor.write_templates()
    costs: dict[str, list[tuple[int, Cost]]] = {who: [] for who in _ORDER}
    mail_bytes = 0

    def note(who: str, count: int, cost: Cost) -> None:
        costs[who].append((count, cost))
        print(f"  {who}: {count / cost.seconds:,.0f}/s", file=sys.stderr, flush=True)

    mails, slow_mails = size.events * events.ADDRESSES, size.slow_events * events.ADDRESSES
    for _ in range(size.rounds):
        note(TWO_WORKERS, mails, deliver(size.events, workers=2))
        with smtp_sink() as (sink, port):
            bare, mail_bytes = send_bare(size.events, processes=2, port=port, sink=sink)
        note(YARDSTICK, mails, bare)
        note(TUNED, mails, deliver_by_anchor(size.events, tuned=True))
        note(ONE_WORKER, mails, deliver(size.events, workers=1))
        note(DEFAULTS, slow_mails, deliver_by_anchor(size.slow_events, tuned=False))
        note(INTAKE, size.events, take_in(size.events))
    return [_figures(who, costs[who]) for who in _ORDER], mail_bytes


def deliver(count: int, *, workers: int) -> Cost:
    """The product, from the first request to the last outcome."""
    with smtp_sink() as (sink, port):
        return deliver_to(port, count, workers=workers, sink=sink)


def deliver_to(port: int, count: int, *, workers: int, sink: Program) -> Cost:
    """The same, to the sink behind this port."""
    key = fresh_product()
    with product.running(smtp_port=port, workers=workers) as site:
        return told(site, product, key, count, [*servers.pids(), sink.pid])


def deliver_by_anchor(count: int, *, tuned: bool) -> Cost:
    """The same way through the anchor."""
    with smtp_sink() as (sink, port), anchor.running(smtp_port=port, tuned=tuned) as site:
        return told(site, anchor, "", count, [*servers.pids(), sink.pid])


def take_in(count: int) -> Cost:
    """The product's door alone: nobody sends."""
    key = fresh_product()
    with product.running(smtp_port=free_port(), workers=0) as site:
        for body in _warm_up():
            door.post(site.port, key, [body])
        bodies = list(events.bodies(count))
        with Meter(python=site.pids, others=servers.pids()) as cost:
            door.post(site.port, key, bodies)
    return cost


def send_bare(count: int, *, processes: int, port: int, sink: Program) -> tuple[Cost, int]:
    """The yardstick's cost, and the mean size of a mail."""
    command = [sys.executable, "-m", "devtools.benchmarks.yardstick", str(port), str(count), str(processes)]
    with Program(command, log=places.log("yardstick"), talks=True) as yardstick:
        mail_bytes = int(yardstick.expect("ready", seconds=READY_SECONDS))
        patience = READY_SECONDS + count * events.ADDRESSES / LEAST_MAILS_PER_SECOND
        with Meter(python=[yardstick.pid], others=[sink.pid]) as cost:
            yardstick.say("go")
            yardstick.expect("done", seconds=patience)
    return cost, mail_bytes


def told(
    site: Site,
    side: ModuleType,
    key: str,
    count: int,
    others: list[int],
    *,
    story: events.Told = events.confirmed_order,
    each: int = events.ADDRESSES,
) -> Cost:
    """From the first request to the last outcome of so many events, each of so many deliveries."""
    before = side.mails_sent()
    for body in _warm_up(story):
        door.post(site.port, key, [body])
    side.wait_until_settled(site, mails=WARM_UP_EVENTS * each, since=before)
    before = side.mails_sent()
    bodies = list(events.bodies(count, told=story))
    with Meter(python=site.pids, others=others) as cost:
        door.post(site.port, key, bodies)
        side.wait_until_settled(site, mails=count * each, since=before)
    return cost


def fresh_product(*, on_line: bool = False) -> str:
    """Full tables, an empty broker; returns the key of a source."""
    servers.empty_broker()
    key = shops.fill()
    if on_line:
        shops.link_to_line()
    shops.analyse()
    return key


def _warm_up(story: events.Told = events.confirmed_order) -> Iterator[bytes]:
    """So that every process has worked once."""
    share = WARM_UP_EVENTS // 4
    for first in range(_WARM_UP_FROM, _WARM_UP_FROM + WARM_UP_EVENTS, share):
        yield from events.bodies(share, first=first, told=story)


def _figures(who: str, costs: list[tuple[int, Cost]]) -> Figures:
    return Figures(
        who=who,
        count=costs[0][0],
        per_second=median(count / cost.seconds for count, cost in costs),
        python_cpu=median(cost.python_cpu / count * 1000 for count, cost in costs),
        all_cpu=median(cost.all_cpu / count * 1000 for count, cost in costs),
        memory=median(cost.peak_memory / 1_000_000 for _, cost in costs),
    )
