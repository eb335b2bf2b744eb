"""Deliveries that have not left are stopped, because an operator says so."""

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from notifications.channels import internal_reasons
from notifications.models import Delivery
from notifications.types.enums import DeliveryStatus

from .selection import record, steps

REASON = "operator"
_NOT_LEFT = (DeliveryStatus.QUEUED, DeliveryStatus.HELD)


@dataclass
class Cancelled:
    """What became of a choice."""

    count: int = 0
    shops: set[int] = field(default_factory=set)
    left: int = 0
    """Had left, had ended, or a worker has it at this moment."""


def cancel(ids: Collection[UUID], *, by: User) -> Cancelled:
    """Stop them; the sellers' delivery log says that the marketplace did."""
    done = Cancelled()
    for step in steps(ids):
        _step(step, done, by=by)
    return done


@transaction.atomic
def _step(ids: list[UUID], done: Cancelled, *, by: User) -> None:
    # A lease, even one that has ended, means that the message may have left.
    waiting = Delivery.objects.filter(pk__in=ids, status__in=_NOT_LEFT, lease=None)
    rows = list(waiting.select_for_update(of=("self",), skip_locked=True).select_related("notification").order_by("pk"))
    Delivery.objects.filter(pk__in=[row.pk for row in rows], status__in=_NOT_LEFT, lease=None).update(
        status=DeliveryStatus.CANCELLED,
        completed_at=timezone.now(),
        cause=REASON,
        answer=internal_reasons.BY_OPERATOR,
    )
    done.count += len(rows)
    done.shops |= record("delivery.cancelled", rows, by=by)
    done.left += len(ids) - len(rows)
