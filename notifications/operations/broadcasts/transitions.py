"""State transitions of a broadcast, from draft to queue and back.
Each is one conditional update: of two operators who act at the same moment one gets a RuleViolationError.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.activity.operator_log import record
from accounts.models import User
from accounts.rule_violation import RuleViolationError
from notifications.models import Broadcast
from notifications.types.enums import BroadcastState

from .audience import audience
from .content import is_emergency, problems

WITHDRAWABLE = (BroadcastState.WAITING, BroadcastState.SCHEDULED)


def release(broadcast: Broadcast, *, by: User, seen: datetime) -> None:
    """Schedule the broadcast; an emergency notice waits for a second operator first.
    `seen` is its `changed_at` as the operator saw it, so that nobody releases text that they did not read. Raises
    RuleViolationError.
    """
    _check_seen(broadcast, seen)
    if found := problems(broadcast):
        raise RuleViolationError(found[0][1])
    if not audience(broadcast).exists():
        raise RuleViolationError(_("No seller fits this audience."))
    now = timezone.now()
    values: dict[str, Any] = {"submitted_by": by, "submitted_at": now}
    if is_emergency(broadcast):
        values |= {"state": BroadcastState.WAITING}
    else:
        values |= {"state": BroadcastState.SCHEDULED, "due_at": _start(broadcast, now)}
    unchanged = Broadcast.objects.filter(pk=broadcast.pk, state=BroadcastState.DRAFT, changed_at=seen)
    _step(broadcast, "broadcast.released", unchanged, by=by, **values)


def confirm(broadcast: Broadcast, *, by: User, seen: datetime) -> None:
    """Approve an emergency notice as the second operator.
    Raises RuleViolationError when it changed since `seen`, and for the operator who released it.
    """
    if broadcast.submitted_by_id == by.pk:
        raise RuleViolationError(_("You have released this notice. Somebody else must confirm it."))
    _check_seen(broadcast, seen)
    now = timezone.now()
    waiting = Broadcast.objects.filter(pk=broadcast.pk, state=BroadcastState.WAITING, changed_at=seen)
    _step(
        broadcast,
        "broadcast.confirmed",
        waiting.exclude(submitted_by=by),
        by=by,
        state=BroadcastState.SCHEDULED,
        approved_by=by,
        approved_at=now,
        due_at=_start(broadcast, now),
    )


def withdraw(broadcast: Broadcast, *, by: User) -> None:
    """Return it to draft before any seller was notified. Raises RuleViolationError."""
    _step(
        broadcast,
        "broadcast.withdrawn",
        Broadcast.objects.filter(pk=broadcast.pk, state__in=WITHDRAWABLE),
        by=by,
        state=BroadcastState.DRAFT,
        submitted_by=None,
        submitted_at=None,
        approved_by=None,
        approved_at=None,
        due_at=None,
        tries=0,
        problem="",
    )


def stop(broadcast: Broadcast, *, by: User) -> None:
    """Stop sending until it is resumed. Raises RuleViolationError."""
    sending = Broadcast.objects.filter(pk=broadcast.pk, state=BroadcastState.SENDING)
    _step(broadcast, "broadcast.stopped", sending, by=by, state=BroadcastState.STOPPED, due_at=None)


def resume(broadcast: Broadcast, *, by: User) -> None:
    """Continue sending after the last chunk sent. Raises RuleViolationError."""
    stopped = Broadcast.objects.filter(pk=broadcast.pk, state=BroadcastState.STOPPED)
    _step(
        broadcast,
        "broadcast.resumed",
        stopped,
        by=by,
        state=BroadcastState.SENDING,
        due_at=timezone.now(),
        tries=0,
        problem="",
    )


def _check_seen(broadcast: Broadcast, seen: datetime) -> None:
    if broadcast.changed_at != seen:
        raise RuleViolationError(_("Somebody has changed this broadcast meanwhile. Look at it again."))


def _start(broadcast: Broadcast, now: datetime) -> datetime:
    return max(broadcast.scheduled_for or now, now)


@transaction.atomic
def _step(broadcast: Broadcast, act: str, rows: Any, *, by: User, **values: Any) -> None:
    """Update the broadcast; `rows` selects it in the state from which this transition starts."""
    if not rows.update(**values):
        raise RuleViolationError(_("Somebody was faster: this broadcast no longer stands where you saw it."))
    record(act, by=by, broadcast=str(broadcast.pk))
    broadcast.refresh_from_db()
