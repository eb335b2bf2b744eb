"""Recall notifications: the notice shows its correction from then on, and unsent deliveries are cancelled.
A message that a worker has claimed may still be sent; later ones are not.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.activity.operator_log import record
from accounts.models import User
from accounts.rule_violation import RuleViolationError
from notifications.channels import internal_reasons
from notifications.models import Broadcast, Delivery, Notification, Recall
from notifications.types.enums import RECALLED, BroadcastState, DeliveryStatus, SourceKind
from notifications.web.read_state import first_id

STEP = 1000
"""Notifications read in one background transaction."""
MAX_AT_ONCE = 200
"""The most notifications that can be chosen one by one."""
CLOCKS_DIFFER_BY = timedelta(minutes=5)
RECALLABLE = (BroadcastState.SENDING, BroadcastState.STOPPED, BroadcastState.SENT)
TELLABLE = ("business_update", "technical_notice", "emergency_notice")
"""The types whose correction can be sent as a notification."""

# The status is an expression, so that the planner does not read the whole queue by its partial index.
_CANCEL = """
UPDATE notifications_delivery
SET status = %(cancelled)s, cause = %(cause)s, answer = %(answer)s, completed_at = statement_timestamp()
WHERE notification_id = ANY(%(ids)s)
    AND (status || '' = 'held' OR status || '' = 'queued' AND lease IS NULL)
"""


@dataclass(frozen=True, slots=True)
class Correction:
    """The corrected text, in both languages."""

    ja: str
    en: str


@transaction.atomic
def recall_broadcast(broadcast: Broadcast, correction: Correction, *, tells: bool, by: User) -> Recall:
    """Stop the broadcast and enqueue its recall; returns the recall. Raises RuleViolationError."""
    now = timezone.now()
    # No chunk is written from here on: this update waits for the one in progress.
    told = Broadcast.objects.filter(pk=broadcast.pk, state__in=RECALLABLE)
    if not told.update(state=BroadcastState.RECALLED, due_at=None):
        raise RuleViolationError(_("Only what was sent, or partly sent, can be taken back, and only once."))
    recall = Recall.objects.create(
        broadcast=broadcast,
        correction_ja=correction.ja,
        correction_en=correction.en,
        tells=tells and broadcast.type in TELLABLE,
        by=by,
        at=now,
        due_at=now,
    )
    record("broadcast.recalled", by=by, broadcast=str(broadcast.pk), recall=str(recall.pk))
    broadcast.refresh_from_db()
    return recall


@transaction.atomic
def recall_notifications(ids: Collection[UUID], correction: Correction, *, by: User) -> Recall:
    """Recall chosen notifications; returns the recall. Raises RuleViolationError when all were recalled before."""
    chosen = Notification.objects.select_for_update(of=("self",)).filter(pk__in=ids, recall=None)
    rows = list(chosen.select_related("account").order_by("pk")[:MAX_AT_ONCE])
    if not rows:
        raise RuleViolationError(_("These notices were taken back before."))
    recall = Recall.objects.create(correction_ja=correction.ja, correction_en=correction.en, by=by)
    _mark(recall, [row.pk for row in rows])
    recall.save(update_fields=["recalled", "cancelled"])
    for row in rows:
        record("notification.recalled", by=by, account=row.account, notification=str(row.pk), recall=str(recall.pk))
    return recall


def take(recall_id: UUID) -> Recall | None:
    """Lock a recall that is due; returns None when another worker has it."""
    due = Recall.objects.filter(pk=recall_id, due_at__lte=timezone.now())
    return due.select_for_update(of=("self",), skip_locked=True).select_related("broadcast").first()


def mark_some(recall: Recall) -> list[str]:
    """Mark the next notifications of the broadcast; returns the sellers whom one reached by e-mail or LINE.
    The ids grow with time, so all of them lie between its start and its recall. The caller saves the recall.
    """
    broadcast = recall.broadcast
    if broadcast is None or broadcast.started_at is None:
        recall.due_at = None
        return []
    after = recall.cursor or first_id(broadcast.started_at - CLOCKS_DIFFER_BY)
    until = first_id(min(broadcast.finished_at or recall.at, recall.at) + CLOCKS_DIFFER_BY)
    window = Notification.objects.filter(pk__gt=after, pk__lte=until).order_by("pk")
    seen = list(window.values_list("pk", "event_id", "source__kind", "recall")[:STEP])
    ids = [
        pk
        for pk, key, kind, taken_back in seen
        if kind == SourceKind.OWN and key.startswith(f"{broadcast.pk}/") and taken_back is None
    ]
    if len(seen) < STEP:
        recall.due_at = None
    else:
        recall.cursor = seen[-1][0]
    return _mark(recall, ids) if ids else []


def _mark(recall: Recall, ids: Sequence[UUID]) -> list[str]:
    recall.recalled += Notification.objects.filter(pk__in=ids, recall=None).update(recall=recall)
    with connection.cursor() as cursor:
        cursor.execute(
            _CANCEL,
            {
                "ids": list(ids),
                "cancelled": DeliveryStatus.CANCELLED.value,
                "cause": RECALLED,
                "answer": internal_reasons.RECALLED,
            },
        )
        recall.cancelled += cursor.rowcount
    # A delivery that is still queued is claimed by a worker, and may have been sent.
    left = Delivery.objects.filter(
        notification__in=ids, status__in=(DeliveryStatus.SENT, DeliveryStatus.QUEUED)
    ).values("notification")
    reached = Notification.objects.filter(pk__in=left).order_by("pk")
    return list(reached.values_list("account__public_id", flat=True))
