"""From an event posted to the outcome of its push recorded, beside a plain loop of line-bot-sdk."""

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from . import line_events, mail, places, product, servers
from .cost import Cost, Meter
from .processes import Program
from .sink import HOST, WAIT_SECONDS, free_port
from .site import READY_SECONDS

CHANNEL_SECRET = "bench-secret"
WORKERS = 2
LATENCIES = (0.0, 0.05)
"""Seconds until the stand-in answers."""
RAW_CLIENTS = 64
"""As many as two worker processes push at once: what the stand-in can answer is the most there can be."""
_SLOWEST_PUSH = 0.5
"""Slower is given up."""


@dataclass(frozen=True, slots=True)
class Size:
    events: int
    loop_pushes: int
    """The plain loop is slow: a rate needs no more."""
    rounds: int


FULL = Size(events=5_000, loop_pushes=300, rounds=3)
QUICK = Size(events=500, loop_pushes=50, rounds=1)


@dataclass(frozen=True, slots=True)
class Side:
    """Per 1,000 pushes; the medians of the rounds."""

    count: int
    per_second: float
    python_cpu: float
    all_cpu: float


@dataclass(frozen=True, slots=True)
class Figures:
    """At one latency of LINE's."""

    latency: float
    product: Side
    loop: Side
    stand_in: float
    """Requests a second that the stand-in answers to ready bytes on many connections."""
    bytes: int
    """Of a message's JSON."""

    @property
    def ratio(self) -> float:
        return self.product.per_second / self.loop.per_second


def measure(size: Size) -> list[Figures]:
    """The product and the loop by turns, at each latency."""
    return [_measure(size, latency) for latency in LATENCIES]


def settings_of(port: int) -> dict[str, str]:
    """What points SellerHub at the stand-in."""
    return {
        "LINE_CHANNEL_ID": "1",
        "LINE_CHANNEL_SECRET": CHANNEL_SECRET,
        "LINE_LOGIN_CHANNEL_ID": "2",
        "LINE_LOGIN_CHANNEL_SECRET": CHANNEL_SECRET,
        "LINE_FRIEND_URL": f"http://{HOST}:{port}/friend",
        "LINE_API_URL": f"http://{HOST}:{port}",
        "LINE_ACCESS_URL": f"http://{HOST}:{port}",
    }


@contextlib.contextmanager
def stand_in(latency: float) -> Iterator[tuple[Program, int]]:
    """A running stand-in of LINE and its port."""
    command = [sys.executable, "-m", "devtools.benchmarks.line_standin", str(latency)]
    with Program(command, log=places.log("line-standin"), talks=True) as program:
        yield program, int(program.expect("port", seconds=WAIT_SECONDS))


def _measure(size: Size, latency: float) -> Figures:
    pushed, looped, raw, message_bytes = [], [], [], 0
    for _ in range(size.rounds):
        with stand_in(latency) as (line, port):
            pushed.append(_push(port, size.events, line))
            cost, message_bytes = _loop(port, size.loop_pushes, line)
            looped.append(cost)
            raw.append(_raw(port, size.events))
        rates = size.events / pushed[-1].seconds, size.loop_pushes / looped[-1].seconds
        said = f"  LINE at {latency * 1000:.0f} ms: {rates[0]:,.0f}/s, plain loop {rates[1]:,.0f}/s"
        print(said, file=sys.stderr, flush=True)
    return Figures(
        latency=latency,
        product=_side(size.events, pushed),
        loop=_side(size.loop_pushes, looped),
        stand_in=median(raw),
        bytes=message_bytes,
    )


def _push(port: int, count: int, line: Program) -> Cost:
    """The product, from the first request to the last outcome."""
    key = mail.fresh_product(on_line=True)
    with product.running(smtp_port=free_port(), workers=WORKERS, more=settings_of(port)) as site:
        others = [*servers.pids(), line.pid]
        return mail.told(site, product, key, count, others, story=line_events.told, each=1)


def _loop(port: int, count: int, line: Program) -> tuple[Cost, int]:
    """The plain loop's cost, and the mean size of a message."""
    command = [sys.executable, "-m", "devtools.benchmarks.line_loop", str(port), str(count)]
    with Program(command, log=places.log("line-loop"), talks=True) as loop:
        message_bytes = int(loop.expect("ready", seconds=READY_SECONDS))
        with Meter(python=[loop.pid], others=[line.pid]) as cost:
            loop.say("go")
            loop.expect("done", seconds=READY_SECONDS + count * _SLOWEST_PUSH)
    return cost, message_bytes


def _raw(port: int, count: int) -> float:
    command = [sys.executable, "-m", "devtools.benchmarks.line_raw", str(port), str(count), str(RAW_CLIENTS)]
    with Program(command, log=places.log("line-raw"), talks=True) as raw:
        return float(raw.expect("done", seconds=READY_SECONDS))


def _side(count: int, costs: list[Cost]) -> Side:
    return Side(
        count=count,
        per_second=median(count / cost.seconds for cost in costs),
        python_cpu=median(cost.python_cpu / count * 1000 for cost in costs),
        all_cpu=median(cost.all_cpu / count * 1000 for cost in costs),
    )
