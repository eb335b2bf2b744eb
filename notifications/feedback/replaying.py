"""What was held, sent after the repair: all of it, in one summary, or not at all, as somebody chose.

The work goes in bounded steps, each in one transaction: a worker that dies leaves what is left to the next, and
what was queued already is no longer held, so nothing is sent twice however often somebody clicks.
"""

import logging
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.history import record
from accounts.models import User
from accounts.refusal import RefusedError

from .. import addresses, owed_mail
from ..catalogue import GROUP_OF
from ..channels import own_words
from ..channels.base import Verdict
from ..enums import AddressState, DeliveryStatus, ReplayMode
from ..models import Address, Delivery, Replay
from .summary import write

logger = logging.getLogger(__name__)

STEP = 500
"""Deliveries moved in one transaction."""
STEPS_A_TASK = 20
REPORTS_KEPT = timedelta(days=30)
"""A report older than this is no longer worth an e-mail."""
_AGING_TYPES = [key for key, group in GROUP_OF.items() if group.key in ("reports", "coach")]
LISTED = 50
"""Titles in a summary; the rest is counted."""


def held_of(address: Address) -> QuerySet[Delivery]:
    """What is kept for the address, the oldest first."""
    return Delivery.objects.filter(address=address, status=DeliveryStatus.HELD).order_by("pk")


def too_old(now: datetime) -> Q:
    """Held deliveries of withdrawn notices, and of reports that nobody needs any more."""
    aged = Q(notification__type__in=_AGING_TYPES, notification__occurred_at__lt=now - REPORTS_KEPT)
    return ~Q(notification__withheld="") | aged


def running(address: Address) -> Replay | None:
    """The replay under way for what this address missed."""
    return Replay.objects.filter(held_for=address, finished_at=None).first()


def begin(address: Address, mode: ReplayMode, *, by: User) -> Replay:
    """Have what is held for the address sent, summed up or left; a second click finds the first.

    Raises RefusedError while the address still fails.
    """
    with transaction.atomic():
        addresses.lock(address.account)
        address.refresh_from_db(fields=["state"])
        if address.state != AddressState.ACTIVE and mode != ReplayMode.LEAVE:
            raise RefusedError(
                _("Mail to %(email)s still fails. Reset the address first.") % {"email": address.email}
            )
        if (before := running(address)) is not None:
            return before
        newest = held_of(address).last()
        if newest is None:
            raise RefusedError(_("Nothing is kept for %(email)s any more.") % {"email": address.email})
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
            raise RefusedError(_("Somebody chose at this moment. Look at the page again.")) from error
        told = {"address": str(address.pk), "email": address.email}
        record(address.account, "address.replayed", by=by, mode=mode.value, count=total, **told)
    return replay


def work_off_due() -> bool:
    """Go on with what was begun, a bounded number of steps; returns whether something is left."""
    return all(_step_one() for _step in range(STEPS_A_TASK))


@transaction.atomic
def _step_one() -> bool:
    replay = (
        Replay.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("held_for", "account")
        .filter(due_at__lte=timezone.now())
        .order_by("due_at")
        .first()
    )
    if replay is None:
        return False
    if replay.held_for is None:
        _finish(replay)
        return True
    now = timezone.now()
    if replay.mode == ReplayMode.SUMMARY and not replay.is_summed_up and not _sum_up(replay, replay.held_for, now):
        return True
    rows = Delivery.objects.filter(pk__in=[row.pk for row in _next_rows(replay, replay.held_for)[:STEP]])
    if not rows:
        _finish(replay)
        return True
    if replay.mode == ReplayMode.LEAVE:
        replay.left_out += _leave(rows, own_words.LEFT_AFTER_REPAIR, now=now)
    else:
        replay.left_out += _leave(rows.filter(too_old(now)), own_words.TOO_OLD, now=now)
        replay.sent += _go_on(rows, ReplayMode(replay.mode), now=now)
    replay.save(update_fields=["sent", "left_out"])
    return True


def _next_rows(replay: Replay, address: Address) -> QuerySet[Delivery]:
    return held_of(address).filter(pk__lte=replay.up_to)


def _leave(rows: QuerySet[Delivery], why: str, *, now: datetime) -> int:
    ids = list(rows.filter(status=DeliveryStatus.HELD).values_list("pk", flat=True))
    return Delivery.objects.filter(pk__in=ids, status=DeliveryStatus.HELD).update(
        status=DeliveryStatus.CANCELLED, settled_at=now, answer=why
    )


def _go_on(rows: QuerySet[Delivery], mode: ReplayMode, *, now: datetime) -> int:
    held = rows.filter(status=DeliveryStatus.HELD)
    if mode == ReplayMode.SUMMARY:
        return held.update(status=DeliveryStatus.SENT, settled_at=now, cause="", answer=own_words.IN_SUMMARY)
    return held.update(
        status=DeliveryStatus.QUEUED, due_at=now, tries=0, lease=None, cause="", answer="", settled_at=None
    )


def _sum_up(replay: Replay, address: Address, now: datetime) -> bool:
    """Send one mail for all of them; only when a server took it do they count as told."""
    going = _next_rows(replay, address).exclude(too_old(now))
    listed = [row.notification for row in going.select_related("notification")[:LISTED]]
    if listed:
        mail = write(replay.account, address, listed, total=going.count())
        verdict, words = next((made, said) for _key, made, said in owed_mail.send([(replay.pk, mail)]))
        if verdict is not Verdict.ACCEPTED:
            logger.warning("The summary of replay %s was not taken: %s", replay.pk, words)
            replay.tries += 1
            replay.due_at = now + owed_mail.RETRY_AFTER[min(replay.tries, len(owed_mail.RETRY_AFTER)) - 1]
            replay.save(update_fields=["tries", "due_at"])
            return False
    replay.is_summed_up = True
    replay.save(update_fields=["is_summed_up"])
    return True


def _finish(replay: Replay) -> None:
    replay.finished_at, replay.due_at = timezone.now(), None
    replay.save(update_fields=["finished_at", "due_at"])
