"""Counters for metrics, written in the transaction that did the work, so that they cannot disagree with it.

Rows are inserted and never updated, so transactions do not wait for each other; `add_up` merges old rows. A killed
worker's counts are rolled back together with its work.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from django.db import connection

MAX_AT_ONCE = 20_000
"""Rows merged in one statement."""
MAX_ROUNDS = 50


class Name(StrEnum):
    """What is counted. SQL in `delivery.recorder`, `address_health.events` and others writes these values, too."""

    ACCEPTED = "accepted"
    """Notifications stored; the label is their type."""
    DECIDED = "decided"
    """Routes considered; the label is `queued`, `held`, or why the route was skipped."""
    SENT = "sent"
    """Deliveries that the provider accepted; the label is `summary` where one mail covered several."""
    FAILED = "failed"
    """Deliveries given up; the label is the reason."""
    DEFERRED = "deferred"
    """Failed attempts that will be followed by another."""
    BOUNCED = "bounced"
    """Deliveries that were accepted and bounced later; the label is the reason."""
    HELD = "held"
    """Deliveries that became held; the label is why the address is suppressed."""
    WEBHOOK = "webhook"
    """New events received from providers; the label is the source."""


class Count(NamedTuple):
    """The key of one counter."""

    name: Name
    channel: str = ""
    label: str = ""


_WRITE = """
INSERT INTO notifications_counterentry (name, channel, label, amount)
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::bigint[])
"""

# One statement, so that a reader sees the old rows or the new one, never both. The rows are locked in a separate
# CTE, so that a parallel run takes others and no row is added twice.
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
    """Add these amounts, in the open transaction."""
    rows = [(*one, amount) for one, amount in counts.items() if amount]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [list(column) for column in zip(*rows, strict=True)])


def add_up() -> int:
    """Merge rows of the same counter, a bounded number; returns by how many rows the table shrank."""
    fewer = 0
    with connection.cursor() as cursor:
        for _round in range(MAX_ROUNDS):
            cursor.execute(_ADD_UP, [MAX_AT_ONCE])
            taken, added = cursor.fetchone()
            fewer += taken - added
            # The sums get the highest ids; after a full round there may be older rows left.
            if taken < MAX_AT_ONCE:
                break
    return fewer


def totals() -> Iterable[tuple[Count, int]]:
    """Return all counters with their sums, read in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS)
        return [(Count(Name(name), channel, label), int(amount)) for name, channel, label, amount in cursor]
