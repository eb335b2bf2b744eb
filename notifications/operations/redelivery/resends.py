"""Deliveries that ended without arriving are sent again, where that can help."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from notifications.delivery.composing.line_composer import KEY_LIFETIME
from notifications.models import Attempt, Delivery
from notifications.types.definitions import TYPES
from notifications.types.enums import AddressState, Channel, DeliveryStatus, LinkState

from .selection import record, steps

ENDED = (DeliveryStatus.FAILED, DeliveryStatus.BOUNCED, DeliveryStatus.CANCELLED)
_REQUIRED_TYPES = [key for key, kind in TYPES.items() if kind.required]


class RequeueRefusal(TextChoices):
    """Why a delivery is not sent again."""

    NOT_ENDED = "not_ended", _("It waits, is held, was sent, or somebody has it in hand.")
    RECALLED = "recalled", _("Its notification was taken back.")
    ADDRESS = "address", _("Its address was removed or cannot be written to.")
    LINE = "line", _("Its LINE link has ended or is blocked.")
    IN_DOUBT = "in_doubt", _("LINE may have had it a day ago or longer, so it could arrive twice.")


@dataclass
class Requeued:
    """What became of a choice."""

    count: int = 0
    shops: set[int] = field(default_factory=set)
    channels: set[Channel] = field(default_factory=set)
    """Whose bell is to be rung."""
    left: Counter[RequeueRefusal] = field(default_factory=Counter)


def receivable() -> Q:
    """Deliveries that could arrive if they were sent now; what else may stop one is looked at while it is sent."""
    required = Q(address__state=AddressState.REFUSED, notification__type__in=_REQUIRED_TYPES)
    by_mail = Q(channel=Channel.EMAIL) & (Q(address__state=AddressState.ACTIVE) | required)
    by_line = Q(channel=Channel.LINE, link__state=LinkState.LIVE) & ~Q(_max_unrecorded())
    told = Q(notification__recall=None, notification__withheld="")
    return told & (by_mail | by_line)


def requeue(ids: Collection[UUID], *, by: User) -> Requeued:
    """Queue them anew, due now, as if never tried; says how many were not and why. Ring their bells after."""
    done = Requeued()
    for step in steps(ids):
        _step(step, done, by=by)
    return done


@transaction.atomic
def _step(ids: list[UUID], done: Requeued, *, by: User) -> None:
    # What another has locked at this moment is being settled, held or cancelled: it is not ours.
    locked = Delivery.objects.select_for_update(of=("self",), skip_locked=True).order_by("pk")
    rows = list(locked.filter(pk__in=ids, status__in=ENDED).select_related("notification"))
    able = set(Delivery.objects.filter(receivable(), pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    moved = [row for row in rows if row.pk in able]
    Delivery.objects.filter(pk__in=able, status__in=ENDED).update(
        status=DeliveryStatus.QUEUED,
        due_at=timezone.now(),
        tries=0,
        lease=None,
        cause="",
        answer="",
        completed_at=None,
    )
    done.count += len(moved)
    done.channels |= {Channel(row.channel) for row in moved}
    done.shops |= record("delivery.requeued", moved, by=by)
    done.left[RequeueRefusal.NOT_ENDED] += len(ids) - len(rows)
    done.left += _reasons([row for row in rows if row.pk not in able])
    done.left += Counter()  # drops the zeros


def _reasons(rows: list[Delivery]) -> Counter[RequeueRefusal]:
    linked = {row.link_id for row in rows if row.channel == Channel.LINE}
    live = set(
        Delivery.objects.filter(
            link__in=linked, link__state=LinkState.LIVE, pk__in=[row.pk for row in rows]
        ).values_list("pk", flat=True)
    )
    return Counter(_reason(row, link_is_live=row.pk in live) for row in rows)


def _reason(row: Delivery, *, link_is_live: bool) -> RequeueRefusal:
    if row.notification.recall_id is not None or row.notification.withheld:
        return RequeueRefusal.RECALLED
    if row.channel == Channel.EMAIL:
        return RequeueRefusal.ADDRESS
    return RequeueRefusal.IN_DOUBT if link_is_live else RequeueRefusal.LINE


def _max_unrecorded() -> Exists:
    """LINE gave no last word on a try so long ago that it would not recognise a repetition."""
    since = timezone.now() - KEY_LIFETIME + timedelta(minutes=10)
    return Exists(Attempt.objects.filter(delivery=OuterRef("pk"), permanent=False, at__lt=since))
