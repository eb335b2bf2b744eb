"""SQL statements that write a whole batch of notifications, deliveries and skipped routes.
Rows that two batches may both bring are inserted in the same order everywhere, so that concurrent batches never
deadlock.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from pydantic_core import to_json
from uuid_utils import uuid7

from notifications.recipients.routing import Routes
from notifications.types.enums import Channel, DeliveryStatus, Reason

from .events import CheckedEvent


@dataclass(frozen=True, slots=True)
class Account:
    """The fields of a seller account that the pipeline needs."""

    id: int
    plan: str
    language: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A notification about to be written."""

    id: UUID
    account: Account
    event: CheckedEvent
    withheld: Reason | None

    @property
    def dedup_key(self) -> str | None:
        return None if self.withheld else self.event.once_key


_NOTIFICATIONS = """
INSERT INTO notifications_notification
    (id, account_id, source_id, event_id, type, occurred_at, accepted_at, data,
     "references", dedup_key, withheld)
SELECT id, account_id, %s, event_id, type, occurred_at, %s, data, "references", dedup_key, withheld
FROM json_to_recordset(%s) AS batch (
    id uuid, account_id bigint, event_id text, type text, occurred_at timestamptz, data jsonb,
    "references" text, dedup_key text, withheld text)
ON CONFLICT DO NOTHING
RETURNING id
"""

_DELIVERIES = """
COPY notifications_delivery
    (id, notification_id, channel, address_id, link_id, recipient, language, priority,
     status, due_at, tries, created_at, answer, cause)
FROM STDIN
"""

_DECISIONS = """
COPY notifications_skippedroute (notification_id, channel, address_id, recipient, reason, detail) FROM STDIN
"""

_NULL = r"\N"
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def insert_notifications(source_id: int, candidates: Collection[Candidate], *, now: datetime) -> set[UUID]:
    """Insert the notifications that are new by event and by dedup key; returns the ids of those inserted."""
    if not candidates:
        return set()
    rows = [
        {
            "id": one.id,
            "account_id": one.account.id,
            "event_id": one.event.key,
            "type": one.event.kind.key,
            "occurred_at": one.event.occurred_at,
            "data": one.event.data,
            "references": one.event.references,
            "dedup_key": one.dedup_key,
            "withheld": one.withheld or "",
        }
        for one in sorted(candidates, key=_lock_order)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_NOTIFICATIONS, [source_id, now, to_json(rows).decode()])
        return {row[0] for row in cursor.fetchall()}


def _lock_order(one: Candidate) -> tuple[int, str, str, UUID]:
    """Sort by dedup key, then in the order of the batch: of several events with one dedup key the first is written."""
    if one.dedup_key is None:
        return (0, "", one.event.key, one.id)
    return (one.account.id, one.event.kind.key, one.dedup_key, one.id)


def ids_of_events(source_id: int, keys: Sequence[str]) -> dict[str, UUID]:
    """Return the notifications of these events by the source's own event id."""
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT event_id, id FROM notifications_notification WHERE source_id = %s AND event_id = ANY(%s)",
            [source_id, list(keys)],
        )
        return dict(cursor.fetchall())


def copy_deliveries(routed: Sequence[tuple[Candidate, Routes]], *, now: datetime) -> set[Channel]:
    """Insert one delivery for each destination, due at once unless held; returns the channels that have to send."""
    at = now.isoformat()
    _copy(
        _DELIVERIES,
        [
            (
                str(uuid7()),
                str(one.id),
                road.channel.value,
                _NULL if road.address_id is None else str(road.address_id),
                _NULL if road.link_id is None else str(road.link_id),
                road.recipient.translate(_ESCAPES),
                road.language,
                str(one.event.kind.priority.value),
                (DeliveryStatus.HELD if road.held else DeliveryStatus.QUEUED).value,
                at,
                "0",
                at,
                "",
                road.held,
            )
            for one, routes in routed
            for road in routes.destinations
        ],
    )
    return {road.channel for _one, routes in routed for road in routes.destinations if not road.held}


def copy_decisions(routed: Iterable[tuple[Candidate, Routes]]) -> None:
    """Insert one row for each skipped route."""
    _copy(
        _DECISIONS,
        [
            (
                str(one.id),
                road.channel.value,
                _NULL if road.address_id is None else str(road.address_id),
                road.recipient.translate(_ESCAPES),
                road.reason.value,
                to_json(road.detail).decode().translate(_ESCAPES),
            )
            for one, routes in routed
            for road in routes.refusals
        ],
    )


def _copy(statement: str, lines: Sequence[tuple[str, ...]]) -> None:
    """Write rows with COPY (a line each, tabs between fields); it costs half of an INSERT."""
    if lines:
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write("".join("\t".join(line) + "\n" for line in lines))
