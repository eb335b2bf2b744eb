"""Process an operator's selection of deliveries in bounded steps, and log it for each seller."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from accounts.activity import operator_log
from accounts.models import User
from notifications.models import Delivery

MAX_AT_ONCE = 5_000
"""Deliveries processed by one action."""
STEP = 500
"""Deliveries processed in one transaction."""
_IDS_RECORDED = 20
"""How many ids are logged for each seller; beyond that the number is enough."""


def steps(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    """Yield the sorted ids in lists of at most STEP, one for each transaction."""
    ordered = iter(sorted(ids))
    while step := list(islice(ordered, STEP)):
        yield step


def record(act: str, moved: Sequence[Delivery], *, by: User) -> set[int]:
    """Log the action once for each seller; returns the ids of their accounts."""
    by_account: dict[int, list[str]] = {}
    for delivery in moved:
        by_account.setdefault(delivery.notification.account_id, []).append(str(delivery.pk))
    details: dict[int, dict[str, Any]] = {
        account_id: {"deliveries": len(ids), "ids": ids[:_IDS_RECORDED]} for account_id, ids in by_account.items()
    }
    operator_log.record_each(act, by=by, details=details)
    return set(by_account)
