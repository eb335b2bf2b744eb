"""Assess addresses with new mail reports and update them and their deliveries accordingly."""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.activity.member_log import record

from ..models import Address, Delivery, MailReport
from ..queue import counters
from ..queue.counters import Count, Name
from ..types.definitions import TYPES
from ..types.enums import AddressState, BounceKind, BounceReason, Channel, DeliveryStatus
from . import operator_notices
from .assessment import PROVEN_AFTER, AddressHealth, DeliveryEvent, assess
from .delivery_outcomes import mark
from .seller_notices import enqueue_notices

logger = logging.getLogger(__name__)

MAX_AT_ONCE = 200
MAX_NEWS = 1000
"""Newest reports read for one address and kind; more would not change the result."""
MAX_GAPS = 20
"""Failures, newest first, after each of which successful deliveries are looked up."""
_HARMLESS = (BounceKind.DELIVERED, BounceKind.DELAYED, BounceKind.AUTO_REPLY)
HARMLESS_KEPT_FOR = timedelta(days=30)
KEPT_FOR = timedelta(days=400)
MAX_PURGED = 20_000
_JUDGED_STATES = (AddressState.ACTIVE, AddressState.FAILING, AddressState.REFUSED)

_HOLD_QUEUED = """
UPDATE notifications_delivery AS delivery SET status = 'held', cause = %(cause)s
FROM notifications_notification AS notification
WHERE notification.id = delivery.notification_id AND delivery.address_id = %(address)s
    AND delivery.channel = %(channel)s AND delivery.status = 'queued' AND delivery.lease IS NULL
    AND delivery.id IS DISTINCT FROM %(probe)s
    AND NOT (notification.type = ANY(%(spared)s))
"""
REQUIRED_TYPES = [kind.key for kind in TYPES.values() if kind.required]


def assess_due() -> int:
    """Assess the addresses that have new reports, up to MAX_AT_ONCE reports; returns how many were processed."""
    ids = list(MailReport.objects.filter(is_judged=False).order_by("id").values_list("pk", flat=True)[:MAX_AT_ONCE])
    if not ids:
        return 0
    addresses = MailReport.objects.filter(pk__in=ids).exclude(address=None).values_list("address_id", flat=True)
    for address_id in sorted(set(addresses)):
        try:
            _judge_address(address_id)
        except OperationalError:
            raise  # a database failure: the next run assesses it again
        except Exception as error:  # no error may stop the other addresses
            # The error's own text is not logged: it may quote the mail.
            logger.error("Address %s cannot be judged: %s.", address_id, type(error).__name__)  # noqa: TRY400
            MailReport.objects.filter(pk__in=ids, address_id=address_id).update(is_judged=True)
    # Reports of a removed address say nothing about any other address.
    without = MailReport.objects.filter(pk__in=ids, address=None)
    mark(without, None)
    without.update(is_judged=True)
    return len(ids)


def purge_reports() -> int:
    """Delete reports that have expired, up to MAX_PURGED; returns how many. Failures of suppressed addresses stay."""
    now = timezone.now()
    harmless = Q(kind__in=_HARMLESS, received_at__lt=now - HARMLESS_KEPT_FOR)
    long_ago = Q(received_at__lt=now - KEPT_FOR) & ~Q(address__state__in=(AddressState.FAILING, AddressState.REFUSED))
    old = MailReport.objects.filter(harmless | long_ago).order_by("received_at")
    deleted, _rows = MailReport.objects.filter(pk__in=old.values("pk")[:MAX_PURGED]).delete()
    return deleted


def look_again(address_id: UUID) -> None:
    """Assess an address without a new report: the passing of time alone can prove that it works again."""
    _judge_address(address_id)


@transaction.atomic
def _judge_address(address_id: UUID) -> None:
    address = (
        Address.objects.select_for_update(of=("self",), no_key=True)
        .select_related("account")
        .filter(pk=address_id)
        .first()
    )
    if address is None:
        MailReport.objects.filter(address_id=address_id, is_judged=False).update(is_judged=True)
        return
    new = list(MailReport.objects.filter(address=address, is_judged=False).order_by("id")[:MAX_AT_ONCE])
    came_back = mark(new, address)
    MailReport.objects.filter(pk__in=[report.pk for report in new]).update(is_judged=True)
    if address.state not in _JUDGED_STATES:
        return
    now = timezone.now()
    news = _news(address)
    successes = _successes(address, news, now=now)
    judgement = assess(news, trusted_since=address.trusted_since, successes=successes, now=now)
    _move(address, judgement, now=now)
    _hold(address, judgement, judgement.missed | came_back)


def _news(address: Address) -> list[DeliveryEvent]:
    """Return the events that count: failures and complaints, and the newest deliveries, of which there are many."""
    reports = MailReport.objects.filter(address=address, sent_at__gte=address.trusted_since).order_by("-sent_at")
    bad = reports.filter(Q(kind=BounceKind.BOUNCE, permanent=True) | Q(kind=BounceKind.COMPLAINT))
    good = reports.filter(kind=BounceKind.DELIVERED)
    return [
        DeliveryEvent(
            sent_at=report.sent_at,
            kind=BounceKind(report.kind),
            reason=report.reason,
            permanent=report.permanent,
            text=report.text,
            delivery_id=report.delivery_id,
        )
        for report in [*bad[:MAX_NEWS], *good[:MAX_NEWS]]
    ]


def _successes(address: Address, news: Collection[DeliveryEvent], *, now: datetime) -> list[datetime]:
    """Return when mail was sent that was accepted and did not bounce: the newest after each of the last failures."""
    failures = sorted({one.sent_at for one in news if one.kind == BounceKind.BOUNCE})[-MAX_GAPS:]
    if not failures:
        return []
    sent = Delivery.objects.filter(
        address=address,
        channel=Channel.EMAIL,
        status=DeliveryStatus.SENT,
        completed_at__lte=now - PROVEN_AFTER,
    ).order_by("-id")
    found: list[datetime] = []
    for since, until in zip(failures, [*failures[1:], now], strict=True):
        newest = (
            sent.filter(completed_at__gt=since, completed_at__lte=until).values_list("completed_at", flat=True).first()
        )
        found += [newest] if newest else []
    return found


def _move(address: Address, judgement: AddressHealth, *, now: datetime) -> None:
    before = (address.state, address.failure, address.failure_answer, address.next_try_at)
    after = (judgement.state, judgement.cause, judgement.answer[:500], judgement.next_try_at)
    if before == after:
        return
    state_changed = address.state != judgement.state
    if state_changed:
        address.state_since = judgement.since or now
        address.probe = None
    elif address.next_try_at != judgement.next_try_at:
        address.probe = None  # the last one failed
    address.state, address.failure, address.failure_answer, address.next_try_at = after
    address.save(update_fields=["state", "state_since", "failure", "failure_answer", "next_try_at", "probe"])
    if not state_changed:
        return
    told = {"address": str(address.pk), "email": address.email}
    match judgement.state:
        case AddressState.FAILING:
            record(address.account, "address.failing", by=None, reason=judgement.cause, **told)
            enqueue_notices(address)
        case AddressState.REFUSED:
            record(address.account, "address.refused", by=None, **told)
            enqueue_notices(address)
        case _:
            record(address.account, "address.recovered", by=None, **told)
    if judgement.cause in (BounceReason.BLOCKED_BY_PROVIDER, BounceReason.OTHER):
        operator_notices.tell(address, judgement.answer)


def _hold(address: Address, judgement: AddressHealth, missed: Collection[UUID]) -> None:
    """Hold the deliveries that did not arrive and the queued ones, for a suppressed address."""
    if judgement.state == AddressState.ACTIVE:
        return
    if judgement.state == AddressState.REFUSED:
        # Required notifications are still sent, also those that were held while mail failed.
        required = Delivery.objects.filter(address=address, notification__type__in=REQUIRED_TYPES)
        required.filter(status=DeliveryStatus.HELD).update(
            status=DeliveryStatus.QUEUED, due_at=timezone.now(), tries=0, lease=None, cause="", answer=""
        )
    held = Delivery.objects.filter(
        pk__in=missed, address=address, status__in=(DeliveryStatus.FAILED, DeliveryStatus.BOUNCED)
    ).update(status=DeliveryStatus.HELD)
    with connection.cursor() as cursor:
        cursor.execute(
            _HOLD_QUEUED,
            {
                "cause": judgement.cause,
                "address": address.pk,
                "channel": Channel.EMAIL,
                "probe": address.probe,
                "spared": REQUIRED_TYPES if judgement.state == AddressState.REFUSED else [],
            },
        )
        held += cursor.rowcount
    counters.write({Count(Name.HELD, Channel.EMAIL.value, judgement.cause): held})
