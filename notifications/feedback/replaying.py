"""What was held, sent after the repair: all of it, in one summary, or not at all, as somebody chose.

The work goes in bounded steps, each in one transaction: a worker that dies leaves what is left to the next, and
what was queued already is no longer held, so nothing is sent twice however often somebody clicks.
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.core.mail import EmailMultiAlternatives
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
from ..channels.email.return_path import Left
from ..channels.table import return_path
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
MOST_SUMMED_UP = 20_000
"""In one mail; what is above stays held."""
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
                _("%(email)s cannot be written to yet. Repair or confirm the address first.")
                % {"email": address.email}
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


def _step_one() -> bool:
    due = Replay.objects.filter(due_at__lte=timezone.now()).order_by("due_at").values_list("pk", flat=True)
    replay_id = due.first()
    if replay_id is None:
        return False
    try:
        return _step(replay_id)
    except Exception as error:  # whatever it is, it must not stop the replays of other shops
        # Not the error's own words: they may name somebody.
        logger.error("Replay %s cannot go on: %s.", replay_id, type(error).__name__)  # noqa: TRY400
        _put_off(Replay.objects.get(pk=replay_id))
        return True


@transaction.atomic
def _step(replay_id: UUID) -> bool:
    # The address first, as everybody does: to remove it changes its replays.
    held_for = Replay.objects.filter(pk=replay_id).values("held_for")
    address = Address.objects.select_for_update(no_key=True).filter(pk__in=held_for).first()
    replay = (
        Replay.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("account")
        .filter(pk=replay_id, due_at__lte=timezone.now())
        .first()
    )
    if replay is None:
        return False  # another worker has it
    mode, now = ReplayMode(replay.mode), timezone.now()
    if address is None or (mode != ReplayMode.LEAVE and address.state != AddressState.ACTIVE):
        # What is left stays held: the next repair asks about it again.
        _finish(replay)
    elif mode == ReplayMode.SUMMARY:
        _sum_up(replay, address, now)
    else:
        _move_some(replay, address, mode, now)
    return True


def _move_some(replay: Replay, address: Address, mode: ReplayMode, now: datetime) -> None:
    rows = held_of(address).filter(pk__in=[row.pk for row in _next_rows(replay, address)[:STEP]])
    if not rows:
        _finish(replay)
        return
    if mode == ReplayMode.LEAVE:
        replay.left_out += _leave(rows, own_words.LEFT_AFTER_REPAIR, now=now)
    else:
        replay.left_out += _leave(rows.filter(too_old(now)), own_words.TOO_OLD, now=now)
        replay.sent += rows.exclude(too_old(now)).update(
            status=DeliveryStatus.QUEUED, due_at=now, tries=0, lease=None, cause="", answer="", settled_at=None
        )
    replay.save(update_fields=["sent", "left_out"])


def _next_rows(replay: Replay, address: Address) -> QuerySet[Delivery]:
    return held_of(address).filter(pk__lte=replay.up_to)


def _leave(rows: QuerySet[Delivery], why: str, *, now: datetime) -> int:
    ids = list(rows.values_list("pk", flat=True))
    return Delivery.objects.filter(pk__in=ids, status=DeliveryStatus.HELD).update(
        status=DeliveryStatus.CANCELLED, settled_at=now, answer=why
    )


def _sum_up(replay: Replay, address: Address, now: datetime) -> None:
    """Send one mail for all of them; only when a server took it do they, and no others, count as told."""
    held = _next_rows(replay, address)
    going = list(held.exclude(too_old(now)).values_list("pk", flat=True)[:MOST_SUMMED_UP])
    listed = held_of(address).filter(pk__in=going[:LISTED]).select_related("notification")
    if going:
        mail = write(replay.account, address, [row.notification for row in listed], total=len(going))
        _have_it_come_back(mail, Left(going[0], now))
        [(_key, verdict, _words)] = owed_mail.send([(replay.pk, mail)])
        if verdict is not Verdict.ACCEPTED:
            if verdict is Verdict.REFUSED or owed_mail.exhausted(replay.tries + 1):
                _finish(replay)
            else:
                _put_off(replay)
            return
    replay.left_out += _leave(held.filter(too_old(now)), own_words.TOO_OLD, now=now)
    replay.sent += Delivery.objects.filter(pk__in=going, status=DeliveryStatus.HELD).update(
        status=DeliveryStatus.SENT, settled_at=now, cause="", answer=own_words.IN_SUMMARY
    )
    replay.save(update_fields=["sent", "left_out"])
    _finish(replay)


def _have_it_come_back(mail: EmailMultiAlternatives, left: Left) -> None:
    """With a return path, so that a summary that is returned is known of one of those that it tells."""
    if (path := return_path()) is not None:
        mail.extra_headers["From"] = mail.from_email
        mail.from_email = path.address(left).decode()


def _put_off(replay: Replay) -> None:
    tries = replay.tries + 1
    wait = owed_mail.RETRY_AFTER[min(tries, len(owed_mail.RETRY_AFTER)) - 1]
    Replay.objects.filter(pk=replay.pk).update(tries=tries, due_at=timezone.now() + wait)


def _finish(replay: Replay) -> None:
    replay.finished_at, replay.due_at = timezone.now(), None
    replay.save(update_fields=["finished_at", "due_at"])
