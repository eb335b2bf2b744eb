"""The figures as one table for people, or as JSON."""

import json
import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field

from . import admin, hostile, latency, line, log, mail, storm, webhooks
from .pages import Figures as PageFigures

WEAKEST_OF_YARDSTICK, GOAL_OF_YARDSTICK = 0.35, 0.8
WEAKEST_OF_ANCHOR, GOAL_OF_ANCHOR = 5, 12
MAX_PYTHON_CPU = 0.2
MAX_OF_ANCHOR_CPU = 0.12
LATENCY_GOAL = 25
LINE_GOAL = 20
"""Times the plain loop, where LINE takes its time to answer."""
MAX_WEBHOOK_MILLISECONDS = 50
MAX_QUERIES = 8
MAX_LOG_MS = 300
MAX_ADMIN_MS = 300
MAX_OF_BARE_PAGE = 1.5


@dataclass(frozen=True)
class Goal:
    """One figure with what it should be."""

    what: str
    value: float
    wanted: str
    reached: bool


@dataclass
class Results:
    """All of one run."""

    mails: list[mail.Figures] = field(default_factory=list)
    mail_bytes: int = 0
    far_relay: latency.Figures | None = None
    pushes: list[line.Figures] = field(default_factory=list)
    webhook: list[webhooks.Figures] = field(default_factory=list)
    pages: list[PageFigures] = field(default_factory=list)
    long_log: list[log.Figures] = field(default_factory=list)
    admin_pages: list[admin.Figures] = field(default_factory=list)
    hostile_mails: list[hostile.Figures] = field(default_factory=list)
    storms: list[storm.Figures] = field(default_factory=list)

    def goals(self) -> list[Goal]:
        return [*self._mail_goals(), *self._other_goals()]

    def _mail_goals(self) -> Iterator[Goal]:
        by_name = {figures.who: figures for figures in self.mails}
        if not by_name:
            return
        product, yardstick, anchor = (by_name[who] for who in (mail.TWO_WORKERS, mail.YARDSTICK, mail.TUNED))
        of_yardstick = product.per_second / yardstick.per_second
        of_anchor = product.per_second / anchor.per_second
        of_cpu = product.all_cpu / anchor.all_cpu
        yield _at_least("mails/s of Y", of_yardstick, WEAKEST_OF_YARDSTICK, GOAL_OF_YARDSTICK)
        yield _at_least("mails/s of django-post_office tuned", of_anchor, WEAKEST_OF_ANCHOR, GOAL_OF_ANCHOR)
        yield _at_most("CPU s (Python) per 1,000 mails", product.python_cpu, MAX_PYTHON_CPU)
        yield _at_most("all CPU of django-post_office tuned's", of_cpu, MAX_OF_ANCHOR_CPU)

    def _other_goals(self) -> Iterator[Goal]:
        if self.far_relay:
            ratio = self.far_relay.ratio
            wanted = f"≥ {LATENCY_GOAL}"
            yield Goal("mails/s of one plain connection, 20 ms a round trip", ratio, wanted, ratio >= LATENCY_GOAL)
        for at in self.pushes:
            if at.latency:
                what = f"pushes/s of a plain loop, LINE answers after {at.latency * 1000:.0f} ms"
                yield Goal(what, at.ratio, f"≥ {LINE_GOAL}", at.ratio >= LINE_GOAL)
        if slow := [way.times.p50 for way in self.webhook if way.clients == 1]:
            yield _at_most("ms until LINE has its 200, median, 100 events", max(slow), MAX_WEBHOOK_MILLISECONDS)
        if self.pages:
            yield _at_most("queries of a page, the most", max(p.queries for p in self.pages), MAX_QUERIES)
            yield _at_most("time of the bare page, the worst", max(p.ratio for p in self.pages), MAX_OF_BARE_PAGE)
        if self.long_log:
            yield _at_most(
                "ms of a search of a long log, median", max(way.median_ms for way in self.long_log), MAX_LOG_MS
            )
        if self.admin_pages:
            slowest = max(page.median_ms for page in self.admin_pages)
            yield _at_most("ms of a page of the admin site, median of the slowest", slowest, MAX_ADMIN_MS)


def _at_least(what: str, value: float, weakest: float, goal: float) -> Goal:
    return Goal(what, value, f"≥ {goal:g}, at the least {weakest:g}", value >= goal)


def _at_most(what: str, value: float, most: float) -> Goal:
    return Goal(what, value, f"≤ {most:g}", value <= most)


def as_json(results: Results) -> str:
    found = asdict(results) | {"goals": [asdict(goal) for goal in results.goals()], "machine": _machine()}
    return json.dumps(found, ensure_ascii=False, indent=2)


def as_text(results: Results) -> str:
    return "\n".join(_lines(results))


def _lines(results: Results) -> Iterator[str]:
    yield _machine()
    if results.mails:
        yield f"\nEvents of two addresses each, from POST to recorded outcome; {results.mail_bytes:,} bytes a mail"
        yield from _columns(_MAIL_HEAD, [_mail_row(figures) for figures in results.mails])
    if far := results.far_relay:
        yield "\nA relay that is 20 ms a round trip away"
        rows = [(mail.TWO_WORKERS, f"{far.product:,.0f}"), ("one plain smtplib connection", f"{far.plain:,.1f}")]
        yield from _columns(("", "mails/s"), rows)
    if results.pushes:
        yield "\nLINE, from POST to recorded outcome of the push; beside line-bot-sdk, one push after the other"
        yield from _columns(_LINE_HEAD, [row for at in results.pushes for row in _line_rows(at)])
    if results.webhook:
        yield "\nLINE's webhook, gunicorn with 2 workers, no worker running"
        yield from _columns(_WEBHOOK_HEAD, [_webhook_row(way) for way in results.webhook])
    if results.pages:
        yield "\nPages, gunicorn with 2 workers; bare: a signed-in Django page with as many queries"
        yield from _columns(_PAGE_HEAD, [_page_row(figures) for figures in results.pages])
    if results.long_log:
        yield "\nThe delivery log of one shop with a million notifications and two million roads"
        rows = [(way.what, f"{way.median_ms:.1f}", f"{way.slowest_ms:.1f}", str(way.found)) for way in results.long_log]
        yield from _columns(("", "median ms", "slowest ms", "found"), rows)
    if results.admin_pages:
        yield "\nThe admin site: a million notifications, two million deliveries; whole pages, the slowest first"
        slowest = sorted(results.admin_pages, key=lambda page: -page.median_ms)
        rows = [(page.what, f"{page.median_ms:.0f}", f"{page.slowest_ms:.0f}") for page in slowest]
        yield from _columns(("", "median ms", "slowest ms"), rows)
    if results.hostile_mails:
        yield f"\nHostile mails of {hostile.SENT_BYTES // 1024} KB, beside a bounce of that size"
        yield from _columns(_HOSTILE_HEAD, [_hostile_row(figures) for figures in results.hostile_mails])
    if results.storms:
        yield "\nA provider's events, 4 calls at a time, gunicorn with 2 workers; one visitor opens pages"
        yield from _columns(_STORM_HEAD, [_storm_row(figures) for figures in results.storms])
    yield ""
    goals = [(g.what, f"{g.value:.2f}", g.wanted, "yes" if g.reached else "no") for g in results.goals()]
    yield from _columns(("Goals", "found", "wanted", "reached"), goals)


_HOSTILE_HEAD = ("", "taken ms", "of bounce", "read ms", "of bounce")
_STORM_HEAD = ("events a call", "events/s", "call p95 ms", "page before ms", "then ms", "worst ms", "judged/s")
_MAIL_HEAD = ("", "mails", "mails/s", "CPU s/1,000", "all CPU", "peak MB")
_LINE_HEAD = ("", "LINE ms", "pushes", "pushes/s", "of loop", "CPU s/1,000", "all CPU")
_WEBHOOK_HEAD = ("events a body", "clients", "bodies/s", "events/s", "p50 ms", "p95 ms", "CPU ms")
_PAGE_HEAD = (
    "",
    "queries",
    "clients",
    "req/s",
    "p50 ms",
    "p95 ms",
    "CPU ms",
    "bare req/s",
    "CPU ms",
    "times bare",
)


def _mail_row(figures: mail.Figures) -> tuple[str, ...]:
    return (
        figures.who + (" (events)" if figures.who == mail.INTAKE else ""),
        f"{figures.count:,}",
        f"{figures.per_second:,.0f}",
        f"{figures.python_cpu:.3f}",
        f"{figures.all_cpu:.3f}",
        f"{figures.memory:,.0f}",
    )


def _line_rows(at: line.Figures) -> Iterator[tuple[str, ...]]:
    latency = f"{at.latency * 1000:.0f}"
    for who, side in ((mail.TWO_WORKERS, at.product), (f"plain loop, {at.bytes:,} bytes a push", at.loop)):
        ratio = side.per_second / at.loop.per_second
        cpu = f"{side.python_cpu:.3f}", f"{side.all_cpu:.3f}"
        yield who, latency, f"{side.count:,}", f"{side.per_second:,.0f}", f"{ratio:.1f}", *cpu
    yield f"ready bytes, {line.RAW_CLIENTS} connections", latency, "", f"{at.stand_in:,.0f}", "", "", ""


def _webhook_row(way: webhooks.Figures) -> tuple[str, ...]:
    times = way.times
    rates = f"{times.per_second:,.0f}", f"{way.per_second:,.0f}"
    return str(way.events), str(way.clients), *rates, f"{times.p50:.1f}", f"{times.p95:.1f}", f"{times.cpu:.1f}"


def _hostile_row(figures: hostile.Figures) -> tuple[str, ...]:
    numbers = (figures.taken, figures.taken_ratio, figures.read, figures.read_ratio)
    return figures.what, *("" if number is None else f"{number:.1f}" for number in numbers)


def _storm_row(figures: storm.Figures) -> tuple[str, ...]:
    pages = figures.page_before, figures.page_during, figures.page_worst
    return (
        str(figures.batch),
        f"{figures.per_second:,.0f}",
        f"{figures.calls.p95:.0f}",
        *(f"{milliseconds:.0f}" for milliseconds in pages),
        f"{figures.judged:,.0f}",
    )


def _page_row(figures: PageFigures) -> tuple[str, ...]:
    return (
        figures.page,
        str(figures.queries),
        str(figures.clients),
        f"{figures.times.per_second:.0f}",
        f"{figures.times.p50:.1f}",
        f"{figures.times.p95:.1f}",
        f"{figures.times.cpu:.1f}",
        f"{figures.bare.per_second:.0f}",
        f"{figures.bare.cpu:.1f}",
        f"{figures.ratio:.2f}",
    )


def _columns(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[place]) for row in (head, *rows)) for place in range(len(head))]
    for row in (head, *rows):
        first, *others = (
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join((first, *others)).rstrip()


def _machine() -> str:
    return f"Python {platform.python_version()}, {os.cpu_count()} CPUs, {platform.system()} {platform.machine()}"
