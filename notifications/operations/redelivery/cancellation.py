"""Cancel deliveries that have not been sent, on an operator's request."""

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
    """The result of a cancellation."""

    count: int = 0
    shops: set[int] = field(default_factory=set)
    left: int = 0
    """Not cancelled: sent, completed, or claimed by a worker."""


def cancel(ids: Collection[UUID], *, by: User) -> Cancelled:
    """Cancel the deliveries; the sellers' delivery log gives the marketplace as the reason."""
    done = Cancelled()
    for step in steps(ids):
        _step(step, done, by=by)
    return done


@transaction.atomic
def _step(ids: list[UUID], done: Cancelled, *, by: User) -> None:
    # A lease, even an expired one, means that the message may have been sent.
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
