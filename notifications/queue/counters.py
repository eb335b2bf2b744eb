"""Counters written in the transaction that did the work, so that they cannot disagree with it.

A row is added and never changed, so nobody waits for anybody; `add_up` puts old rows together. A worker that is
killed takes its counts with it, together with the work that they count.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from django.db import connection

MAX_AT_ONCE = 20_000
"""Rows added up in one statement."""
MAX_ROUNDS = 50


class Name(StrEnum):
    """What is counted. The statements of `delivery.settling`, `chat.events` and others write these words, too."""

    ACCEPTED = "accepted"
    """Notifications written; the label is their type."""
    DECIDED = "decided"
    """Roads considered; the label is `queued`, `held`, or why the road was not taken."""
    SENT = "sent"
    """Deliveries that the provider took; the label is `summary` where one mail told several."""
    FAILED = "failed"
    """Deliveries given up; the label is the cause."""
    DEFERRED = "deferred"
    """Failed tries that are followed by another."""
    BOUNCED = "bounced"
    """Deliveries that were taken and came back later; the label is the cause."""
    HELD = "held"
    """Times that a delivery began to be held; the label is why the address rests."""
    WEBHOOK = "webhook"
    """Events that came in from outside and were new; the label says from whom."""


class Count(NamedTuple):
    """One kind of thing to count."""

    name: Name
    channel: str = ""
    label: str = ""


_WRITE = """
INSERT INTO notifications_counterentry (name, channel, label, amount)
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::bigint[])
"""

# One statement: whoever reads sees the old rows or the new one, never both. Chosen in a CTE of its own,
# locked: a second run takes others at the same time, and what another has deleted is not added twice.
_ADD_UP = """
WITH old AS MATERIALIZED (
    SELECT id FROM notifications_counterentry ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
), taken AS (
    DELETE FROM notifications_counterentry AS tally USING old WHERE tally.id = old.id
    RETURNING tally.name, tally.channel, tally.label, tally.amount
), added AS (
    INSERT INTO notifications_counterentry (name, channel, label, amount)
    SELECT name, channel, label, sum(amount) FROM taken GROUP BY name, channel, label
    RETURNING 1
)
SELECT (SELECT count(*) FROM taken), (SELECT count(*) FROM added)
"""

_TOTALS = "SELECT name, channel, label, sum(amount) FROM notifications_counterentry GROUP BY name, channel, label"


def write(counts: Mapping[Count, int]) -> None:
    """Add these, in the transaction that is open."""
    rows = [(*one, amount) for one, amount in counts.items() if amount]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [list(column) for column in zip(*rows, strict=True)])


def add_up() -> int:
    """Put rows of the same thing together, a bounded number; returns how many rows are fewer."""
    fewer = 0
    with connection.cursor() as cursor:
        for _round in range(MAX_ROUNDS):
            cursor.execute(_ADD_UP, [MAX_AT_ONCE])
            taken, added = cursor.fetchone()
            fewer += taken - added
            # The sums come after all others; a full round has more before them.
            if taken < MAX_AT_ONCE:
                break
    return fewer


def totals() -> Iterable[tuple[Count, int]]:
    """Everything counted so far, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS)
        return [(Count(Name(name), channel, label), int(amount)) for name, channel, label, amount in cursor]
