"""Redeliver held notifications after a repair: all, as one summary, or none, as the user chose.

The work is done in bounded steps of one transaction each: when a worker dies, another continues, and a delivery that
was queued is no longer held, so repeated clicks send nothing twice.
"""

import logging
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.activity.member_log import record
from accounts.models import User
from accounts.rule_violation import RuleViolationError
from notifications.channels import internal_reasons
from notifications.models import Address, Replay
from notifications.recipients import email_addresses
from notifications.types.enums import AddressState, DeliveryStatus, ReplayMode

from . import replay_rows, summary_replay
from .replay_rows import held_of, leave, leave_useless

logger = logging.getLogger(__name__)

STEP = 500
"""Deliveries moved in one transaction."""
STEPS_A_TASK = 20
MAX_LOOKED_AT = 20
"""Due replays tried for a lock: other workers may hold the first ones."""


def running(address: Address) -> Replay | None:
    """Return the unfinished replay of this address's held deliveries; None when there is none."""
    return Replay.objects.filter(held_for=address, finished_at=None).first()


def begin(address: Address, mode: ReplayMode, *, by: User) -> Replay:
    """Start a replay that sends, sums up or drops what is held for the address; returns the running one, if any.

    Raises RuleViolationError when nothing is held, or while the address is not active (unless `mode` is LEAVE).
    """
    with transaction.atomic():
        email_addresses.lock(address.account)
        address.refresh_from_db(fields=["state"])
        if address.state != AddressState.ACTIVE and mode != ReplayMode.LEAVE:
            raise RuleViolationError(
                _("%(email)s cannot be written to yet. Repair or confirm the address first.") % {"email": address.email}
            )
        if (before := running(address)) is not None:
            return before
        newest = held_of(address).last()
        if newest is None:
            raise RuleViolationError(_("Nothing is kept for %(email)s any more.") % {"email": address.email})
        try:
            replay = Replay.objects.create(
                account_id=address.account_id,
                held_for=address,
                to=address,
                mode=mode,
                up_to=newest.pk,
                total=(total := held_of(address).count()),
                by=by,
            )
        except IntegrityError as error:
            raise RuleViolationError(_("Somebody chose at this moment. Look at the page again.")) from error
        told = {"address": str(address.pk), "email": address.email}
        record(address.account, "address.replayed", by=by, mode=mode.value, count=total, **told)
    return replay


def work_off_due() -> bool:
    """Continue due replays, up to STEPS_A_TASK steps; returns whether something is left."""
    return all(_step_one() for _step in range(STEPS_A_TASK))


def _step_one() -> bool:
    """Do one step of the first due replay that no other worker has locked; returns whether there was one."""
    due = Replay.objects.filter(due_at__lte=timezone.now()).order_by("due_at")
    for replay_id, mode in due.values_list("pk", "mode")[:MAX_LOOKED_AT]:
        step = summary_replay.step if mode == ReplayMode.SUMMARY else _step
        try:
            if step(replay_id):
                return True
        except Exception as error:  # no error may stop the replays of other accounts
            # The error's own text is not logged: it may contain personal data.
            logger.error("Replay %s cannot go on: %s.", replay_id, type(error).__name__)  # noqa: TRY400
            replay_rows.put_off(replay_id)
            return True
    return False


@transaction.atomic
def _step(replay_id: UUID) -> bool:
    found = replay_rows.take(replay_id)
    if found is None:
        return False
    replay, address = found
    mode = ReplayMode(replay.mode)
    if address is None or (mode == ReplayMode.ALL and address.state != AddressState.ACTIVE):
        # The rest stays held: after the next repair the user is asked about it again.
        replay_rows.finish(replay)
    else:
        _move_some(replay, address, mode, timezone.now())
    return True


def _move_some(replay: Replay, address: Address, mode: ReplayMode, now: datetime) -> None:
    rows = held_of(address).filter(pk__in=[row.pk for row in replay_rows.rows_of(replay, address)[:STEP]])
    if not rows:
        replay_rows.finish(replay)
        return
    if mode == ReplayMode.LEAVE:
        replay.left_out += leave(rows, internal_reasons.LEFT_AFTER_REPAIR, now=now)
    else:
        replay.left_out += leave_useless(rows, now=now)
        replay.sent += rows.update(
            status=DeliveryStatus.QUEUED, due_at=now, tries=0, lease=None, cause="", answer="", completed_at=None
        )
    replay.save(update_fields=["sent", "left_out"])
