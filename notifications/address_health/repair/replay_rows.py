"""Lock and update a replay (the redelivery of held notifications) and query its held deliveries."""

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
    """Return the deliveries held for the address, the oldest first."""
    return Delivery.objects.filter(address=address, status=DeliveryStatus.HELD).order_by("pk")


WITHDRAWN = Q(notification__recall__isnull=False)
"""Matches deliveries of recalled notifications."""


def too_old(now: datetime) -> Q:
    """Return a filter for deliveries not worth sending: of suppressed notifications and of outdated reports."""
    aged = Q(notification__type__in=_AGING_TYPES, notification__occurred_at__lt=now - REPORTS_KEPT)
    return ~Q(notification__withheld="") | aged


def rows_of(replay: Replay, address: Address) -> QuerySet[Delivery]:
    """Return the replay's remaining deliveries: only those that were held when the user started it."""
    return held_of(address).filter(pk__lte=replay.up_to)


def take(replay_id: UUID) -> tuple[Replay, Address | None] | None:
    """Lock a due replay and its address, and return both; None when another worker has it.

    The address is locked first, as everywhere, because removing an address changes its replays. It may be None.
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
    """Cancel the deliveries that were recalled or are too old; returns how many there were."""
    taken_back = leave(rows.filter(WITHDRAWN), internal_reasons.RECALLED, cause=RECALLED, now=now)
    return taken_back + leave(rows.filter(too_old(now)), internal_reasons.TOO_OLD, now=now)


def leave(rows: QuerySet[Delivery], why: str, *, now: datetime, cause: str | None = None) -> int:
    """Cancel these held deliveries for the reason `why`; returns how many. Without `cause` they keep their own."""
    ids = list(rows.values_list("pk", flat=True))
    held = Delivery.objects.filter(pk__in=ids, status=DeliveryStatus.HELD)
    told = {} if cause is None else {"cause": cause}
    return held.update(status=DeliveryStatus.CANCELLED, completed_at=now, answer=why, **told)


def withdrawn_of(replay: Replay, address: Address, oldest: UUID) -> int:
    """Return how many of the address's deliveries since `oldest` were recalled, up to MAX_COUNTED."""
    missed = Delivery.objects.filter(address=address, pk__gte=oldest, pk__lte=replay.up_to)
    return missed.filter(status=DeliveryStatus.CANCELLED, cause=RECALLED)[:MAX_COUNTED].count()


def put_off(replay_id: UUID) -> None:
    """Postpone the replay, longer after each attempt."""
    replay = Replay.objects.get(pk=replay_id)
    tries = replay.tries + 1
    wait = outbox.RETRY_AFTER[min(tries, len(outbox.RETRY_AFTER)) - 1]
    Replay.objects.filter(pk=replay_id).update(tries=tries, due_at=timezone.now() + wait)


def finish(replay: Replay) -> None:
    """Mark the replay as finished; the user can start another one for what is still held."""
    replay.finished_at, replay.due_at = timezone.now(), None
    replay.save(update_fields=["finished_at", "due_at"])
