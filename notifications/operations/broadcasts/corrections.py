"""Background steps of a recall: mark notifications as recalled, and send the correction where that was chosen."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from notifications.ingest.pipeline import Accepted, Event, notify_many
from notifications.models import Recall

from ..redelivery import recalls
from .chunks import source
from .content import correction_of

logger = logging.getLogger(__name__)

RETRY_AFTER = timedelta(seconds=30)
MAX_LOOKED_AT = 20


def step() -> bool:
    """Do one step of the first due recall that no other worker has locked; returns False when none is due."""
    due = Recall.objects.filter(due_at__lte=timezone.now()).order_by("due_at")
    for recall_id in due.values_list("pk", flat=True)[:MAX_LOOKED_AT]:
        try:
            if _step(recall_id):
                return True
        except Exception as error:  # any error, because it must not stop the other recalls
            # Only the type is logged: the error's text may contain a name.
            logger.error("Recall %s cannot go on: %s.", recall_id, type(error).__name__)  # noqa: TRY400
            Recall.objects.filter(pk=recall_id, due_at__isnull=False).update(due_at=timezone.now() + RETRY_AFTER)
            return True
    return False


@transaction.atomic
def _step(recall_id: UUID) -> bool:
    recall = recalls.take(recall_id)
    if recall is None:
        return False
    reached = recalls.mark_some(recall)
    if recall.tells and reached:
        recall.told += _tell(recall, reached)
    recall.save(update_fields=["cursor", "due_at", "recalled", "cancelled", "told"])
    return True


def _tell(recall: Recall, public_ids: Sequence[str]) -> int:
    broadcast = recall.broadcast
    if broadcast is None:
        return 0
    data = correction_of(broadcast, ja=recall.correction_ja, en=recall.correction_en)
    events = [
        Event(f"correction:{broadcast.pk}/{public_id}", public_id, broadcast.type, recall.at, data)
        for public_id in public_ids
    ]
    return sum(isinstance(result, Accepted) for result in notify_many(source(), events))
