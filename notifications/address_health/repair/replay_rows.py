"""The row of a replay under way, and the held deliveries that it is about."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from notifications.channels import internal_reasons
from notifications.models import Address, Delivery, Replay
from notifications.queue import outbox
from notifications.types.definitions import GROUP_OF
from notifications.types.enums import RECALLED, DeliveryStatus

REPORTS_KEPT = timedelta(days=30)
"""A report older than this is no longer worth an e-mail."""
MAX_COUNTED = 1000
_AGING_TYPES = [key for key, group in GROUP_OF.items() if group.key in ("reports", "coach")]


def held_of(address: Address) -> QuerySet[Delivery]:
    """What is kept for the address, the oldest first."""
    return Delivery.objects.filter(address=address, status=DeliveryStatus.HELD).order_by("pk")


WITHDRAWN = Q(notification__recall__isnull=False)
"""Held deliveries of notices that were taken back."""


def too_old(now: datetime) -> Q:
    """Held deliveries of what was withheld, and of reports that nobody needs any more."""
    aged = Q(notification__type__in=_AGING_TYPES, notification__occurred_at__lt=now - REPORTS_KEPT)
    return ~Q(notification__withheld="") | aged


def rows_of(replay: Replay, address: Address) -> QuerySet[Delivery]:
    """What is left to do: only what was held when somebody chose."""
    return held_of(address).filter(pk__lte=replay.up_to)


def take(replay_id: UUID) -> tuple[Replay, Address | None] | None:
    """Lock a replay that is due and its address; None when another worker has it.

    The address first, as everybody does: to remove it changes its replays.
    """
    held_for = Replay.objects.filter(pk=replay_id).values("held_for")
    address = Address.objects.select_for_update(no_key=True).filter(pk__in=held_for).first()
    replay = (
        Replay.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("account")
        .filter(pk=replay_id, due_at__lte=timezone.now())
        .first()
    )
    return None if replay is None else (replay, address)


def leave_useless(rows: QuerySet[Delivery], *, now: datetime) -> int:
    """Send those no more that were taken back or are too old; returns how many there were."""
    taken_back = leave(rows.filter(WITHDRAWN), internal_reasons.RECALLED, cause=RECALLED, now=now)
    return taken_back + leave(rows.filter(too_old(now)), internal_reasons.TOO_OLD, now=now)


def leave(rows: QuerySet[Delivery], why: str, *, now: datetime, cause: str | None = None) -> int:
    """Send these held deliveries no more; returns how many there were. Without `cause` theirs stays."""
    ids = list(rows.values_list("pk", flat=True))
    held = Delivery.objects.filter(pk__in=ids, status=DeliveryStatus.HELD)
    told = {} if cause is None else {"cause": cause}
    return held.update(status=DeliveryStatus.CANCELLED, completed_at=now, answer=why, **told)


def withdrawn_of(replay: Replay, address: Address, oldest: UUID) -> int:
    """How many notices that the address missed since this delivery were taken back."""
    missed = Delivery.objects.filter(address=address, pk__gte=oldest, pk__lte=replay.up_to)
    return missed.filter(status=DeliveryStatus.CANCELLED, cause=RECALLED)[:MAX_COUNTED].count()


def put_off(replay_id: UUID) -> None:
    """It comes again later, after longer each time."""
    replay = Replay.objects.get(pk=replay_id)
    tries = replay.tries + 1
    wait = outbox.RETRY_AFTER[min(tries, len(outbox.RETRY_AFTER)) - 1]
    Replay.objects.filter(pk=replay_id).update(tries=tries, due_at=timezone.now() + wait)


def finish(replay: Replay) -> None:
    """Nothing more is done; what is still held can be chosen about anew."""
    replay.finished_at, replay.due_at = timezone.now(), None
    replay.save(update_fields=["finished_at", "due_at"])
