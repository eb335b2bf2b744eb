"""Redeliver held notifications as one summary mail; only the deliveries that it covers are marked as sent.

The mail is sent between two transactions, with nothing locked. If a worker dies after sending, the next one sends the
summary again when the lease is over.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from notifications.channels import internal_reasons
from notifications.channels.base import SendResult
from notifications.channels.email.return_path import AttemptRef
from notifications.models import Address, Delivery, Replay
from notifications.queue import counters, outbox
from notifications.queue.counters import Count, Name
from notifications.types.enums import AddressState, Channel, DeliveryStatus

from . import replay_rows
from .replay_rows import held_of, leave_useless, rows_of, withdrawn_of
from .summary_mail import write

MAX_SUMMED_UP = 20_000
"""Deliveries in one mail; the rest stays held."""
LISTED = 50
"""Titles in a summary; the rest is counted."""
LEASE = timedelta(minutes=5)


def step(replay_id: UUID) -> bool:
    """Send the summary and mark its deliveries as sent; returns false when another worker has the replay."""
    now = timezone.now()
    with transaction.atomic():
        found = replay_rows.take(replay_id)
        if found is None:
            return False
        replay, address = found
        if address is None or address.state != AddressState.ACTIVE:
            replay_rows.finish(replay)
            return True
        replay.due_at = now + LEASE
        oldest = rows_of(replay, address).values_list("pk", flat=True).first()
        replay.left_out += leave_useless(rows_of(replay, address), now=now)
        replay.save(update_fields=["due_at", "left_out"])
        going = list(rows_of(replay, address).values_list("pk", flat=True)[:MAX_SUMMED_UP])
    withdrawn = withdrawn_of(replay, address, oldest) if oldest else 0
    verdict = _send(replay, address, going, withdrawn, now=now) if going else SendResult.ACCEPTED
    if verdict is SendResult.ACCEPTED:
        _mark(replay, address, going, now=now)
    elif verdict is SendResult.REFUSED or outbox.exhausted(replay.tries + 1):
        replay_rows.finish(replay)
    else:
        replay_rows.put_off(replay.pk)
    return True


def _send(replay: Replay, address: Address, going: Sequence[UUID], withdrawn: int, *, now: datetime) -> SendResult:
    listed = held_of(address).filter(pk__in=going[:LISTED]).select_related("notification")
    notifications = [row.notification for row in listed]
    mail = write(replay.account, address, notifications, total=len(going), withdrawn=withdrawn)
    # A bounce is then recorded for one of the deliveries that it covers.
    outbox.have_it_come_back(mail, AttemptRef(going[0], now))
    [(_key, verdict, _words)] = outbox.send([(replay.pk, mail)])
    return verdict


@transaction.atomic
def _mark(replay: Replay, address: Address, going: Sequence[UUID], *, now: datetime) -> None:
    Address.objects.select_for_update(no_key=True).filter(pk=address.pk).first()
    told = Delivery.objects.filter(pk__in=going, address=address, status=DeliveryStatus.HELD)
    count = told.update(status=DeliveryStatus.SENT, completed_at=now, cause="", answer=internal_reasons.IN_SUMMARY)
    counters.write({Count(Name.SENT, Channel.EMAIL.value, "summary"): count})
    replay.sent += count
    replay.save(update_fields=["sent"])
    replay_rows.finish(replay)
