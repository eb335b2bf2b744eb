"""Accept events: validate, route and write them in batches, then enqueue delivery tasks once after the commit."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from psycopg.errors import DeadlockDetected
from uuid_utils.compat import uuid7

from accounts.models import SellerAccount
from notifications.models import Source
from notifications.queue.enqueue import enqueue_deliveries
from notifications.recipients.routing import suppression_reason, withhold
from notifications.types.enums import Reason

from . import batch_counters, routing_facts, statements
from .events import (
    MAX_EVENTS,
    NO_SUCH_SELLER,
    Accepted,
    CheckedEvent,
    Duplicate,
    Event,
    Rejected,
    Result,
    check,
    read,
)
from .statements import Account, Candidate

__all__ = ["MAX_EVENTS", "Accepted", "Duplicate", "Event", "Rejected", "Result", "notify", "notify_many", "read"]

_TRIES = 3


def notify(
    seller: SellerAccount | str,
    type: str,
    *,
    event_id: str,
    data: Mapping[str, object],
    source: Source,
    occurred_at: datetime | None = None,
) -> Result:
    """Accept one event; `occurred_at` is now by default."""
    public_id = seller.public_id if isinstance(seller, SellerAccount) else seller
    event = Event(event_id, public_id, type, occurred_at or timezone.now(), dict(data))
    return notify_many(source, [event])[0]


def notify_many(source: Source, events: Sequence[Event | Rejected]) -> list[Result]:
    """Accept a batch; returns one result for each event, in order, and a bad event does not affect the others.
    An entry that could not be parsed keeps its place as a Rejected. The batch is written as a whole or, when the
    database fails, not at all.
    """
    now = timezone.now()
    checked = [event if isinstance(event, Rejected) else check(event, now=now) for event in events]
    for failed in range(_TRIES - 1):
        try:
            return _take_in(source, checked, now, hold=failed > 0)
        except IntegrityError:
            # An account or address was removed between routing and the commit: route again, and lock the rows.
            continue
        except OperationalError as error:
            # One source sent the same ids with different contents at the same moment.
            if not isinstance(error.__cause__, DeadlockDetected):
                raise
    return _take_in(source, checked, now, hold=True)


@transaction.atomic
def _take_in(source: Source, checked: Sequence[CheckedEvent | Rejected], now: datetime, *, hold: bool) -> list[Result]:
    sellers = {event.seller for event in checked if isinstance(event, CheckedEvent)}
    accounts = routing_facts.accounts(sellers, hold=hold)
    # Only the first of each id: when a batch holds an event twice, the second is the duplicate.
    candidates: dict[str, Candidate] = {}
    for event in checked:
        if isinstance(event, CheckedEvent) and event.seller in accounts and event.key not in candidates:
            account = accounts[event.seller]
            withheld = suppression_reason(event.kind, plan=account.plan, verdict=event.verdict)
            candidates[event.key] = Candidate(uuid7(), account, event, withheld)
    written, before = _write_notifications(source, list(candidates.values()), now)
    _write_roads(written, now, hold=hold)
    return [_result(event, accounts, candidates, before) for event in checked]


def _write_notifications(
    source: Source, candidates: Sequence[Candidate], now: datetime
) -> tuple[list[Candidate], dict[str, UUID]]:
    """Return the candidates written, and the existing notifications by the ids of repeated events."""
    written = statements.insert_notifications(source.pk, candidates, now=now)
    left = [one for one in candidates if one.id not in written]
    before = statements.ids_of_events(source.pk, [one.event.key for one in left])
    repeating = [replace(one, withheld=Reason.ALREADY_TOLD) for one in left if one.event.key not in before]
    written |= statements.insert_notifications(source.pk, repeating, now=now)
    # The same event in a concurrent request may have been written in between.
    overtaken = [one.event.key for one in repeating if one.id not in written]
    before |= statements.ids_of_events(source.pk, overtaken)
    final = {one.id: one for one in (*candidates, *repeating)}
    return [one for one in final.values() if one.id in written], before


def _write_roads(written: Sequence[Candidate], now: datetime, *, hold: bool) -> None:
    told = [one for one in written if one.withheld is None]
    routed = list(zip(told, routing_facts.route(told, hold=hold), strict=True))
    silent = [(one, withhold(one.event.kind, one.withheld)) for one in written if one.withheld is not None]
    batch_counters.count(written, [*routed, *silent])
    statements.copy_decisions([*routed, *silent])
    for channel in statements.copy_deliveries(routed, now=now):
        transaction.on_commit(partial(enqueue_deliveries, channel), robust=True)


def _result(
    event: CheckedEvent | Rejected,
    accounts: Mapping[str, Account],
    candidates: Mapping[str, Candidate],
    before: Mapping[str, UUID],
) -> Result:
    if isinstance(event, Rejected):
        return event
    if event.seller not in accounts:
        return Rejected("seller", NO_SUCH_SELLER)
    candidate = candidates[event.key]
    if candidate.event is event and event.key not in before:
        return Accepted(candidate.id)
    return Duplicate(before.get(event.key, candidate.id))
