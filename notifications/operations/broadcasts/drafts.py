"""Save drafts of broadcasts. After its release a broadcast's text is fixed."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.activity.operator_log import record
from accounts.models import User
from accounts.rule_violation import RuleViolationError
from notifications.models import Broadcast
from notifications.types.enums import BroadcastState


@transaction.atomic
def save(broadcast: Broadcast, *, by: User) -> None:
    """Create or update a draft. Raises RuleViolationError when it was released meanwhile."""
    is_new = broadcast._state.adding
    if is_new:
        broadcast.created_by = by
    else:
        drafts = Broadcast.objects.select_for_update().filter(pk=broadcast.pk, state=BroadcastState.DRAFT)
        if drafts.first() is None:
            raise RuleViolationError(_("This broadcast was released meanwhile. Its text can no longer be changed."))
    broadcast.changed_at = timezone.now()
    broadcast.save()
    record("broadcast.written" if is_new else "broadcast.changed", by=by, broadcast=str(broadcast.pk))
