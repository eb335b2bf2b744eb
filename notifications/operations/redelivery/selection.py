"""What an operator chose, worked off in bounded steps and written down for each seller."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from accounts.activity import operator_log
from accounts.models import User
from notifications.models import Delivery

MAX_AT_ONCE = 5_000
"""Deliveries that one click moves."""
STEP = 500
"""Deliveries moved in one transaction."""
_IDS_RECORDED = 20
"""Of each seller; more say nothing that their number does not."""


def steps(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    """The ids in the order of their rows, so many as go into one transaction."""
    ordered = iter(sorted(ids))
    while step := list(islice(ordered, STEP)):
        yield step


def record(act: str, moved: Sequence[Delivery], *, by: User) -> set[int]:
    """Write the act down once for each seller; returns who they are."""
    by_account: dict[int, list[str]] = {}
    for delivery in moved:
        by_account.setdefault(delivery.notification.account_id, []).append(str(delivery.pk))
    details: dict[int, dict[str, Any]] = {
        account_id: {"deliveries": len(ids), "ids": ids[:_IDS_RECORDED]} for account_id, ids in by_account.items()
    }
    operator_log.record_each(act, by=by, details=details)
    return set(by_account)
