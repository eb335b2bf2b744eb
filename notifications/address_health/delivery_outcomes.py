"""Apply bounce reports to the deliveries that they name: what was sent and bounced was not delivered."""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from ..channels import internal_reasons
from ..models import Address, Attempt, Delivery, MailReport
from ..queue import counters
from ..queue.counters import Count, Name
from ..types.enums import BounceKind, BounceReason, Channel, DeliveryStatus
from .assessment import SAME_TRY


@transaction.atomic
def mark(reports: Iterable[MailReport], address: Address | None) -> set[UUID]:
    """Mark the deliveries that bounced; returns the ids of those to hold if their address is suppressed.

    `address` must be locked; None when it was removed.
    """
    final = [
        (one.delivery_id, one)
        for one in reports
        if one.kind == BounceKind.BOUNCE and one.permanent and one.delivery_id is not None
    ]
    sent = Delivery.objects.filter(status=DeliveryStatus.SENT).in_bulk([delivery_id for delivery_id, _one in final])
    changed: list[Delivery] = []
    attempts: list[Attempt] = []
    to_hold: set[UUID] = set()
    for delivery_id, report in final:
        if report.reason != BounceReason.MESSAGE_TOO_BIG and not _is_of_before(report, address):
            to_hold.add(delivery_id)
        delivery = sent.get(delivery_id)
        if delivery is None or delivery.status != DeliveryStatus.SENT:
            continue
        if not _is_of_this_try(report, delivery, address):
            continue
        # Mail sent before a repair does not suppress the address and is held: the seller decides about it as about
        # the rest. So are the deliveries of one summary: a single bounce may leave the address active, and all of
        # them would be lost.
        keep = _is_of_before(report, address) or delivery.answer == internal_reasons.IN_SUMMARY
        status = DeliveryStatus.HELD if keep and address is not None else DeliveryStatus.BOUNCED
        for one in (delivery, *_told_together(delivery, address)):
            one.status, one.cause, one.answer = status, report.reason, report.text
            changed.append(one)
        attempts.append(Attempt(delivery_id=delivery.pk, permanent=True, code=report.code, detail=report.text))
    Delivery.objects.bulk_update(changed, ["status", "cause", "answer"], batch_size=500)
    Attempt.objects.bulk_create(attempts)
    counters.write(_counts(changed))
    return to_hold


def _counts(came_back: Iterable[Delivery]) -> Counter[Count]:
    counts: Counter[Count] = Counter()
    for one in came_back:
        counts[Count(Name.BOUNCED, Channel.EMAIL.value, one.cause)] += 1
        if one.status == DeliveryStatus.HELD:
            counts[Count(Name.HELD, Channel.EMAIL.value, one.cause)] += 1
    return counts


def _is_of_before(report: MailReport, address: Address | None) -> bool:
    """Return whether the mail was sent before the address was last confirmed or repaired."""
    return address is not None and report.sent_at < address.trusted_since


def _is_of_this_try(report: MailReport, delivery: Delivery, address: Address | None) -> bool:
    """Return false when the delivery was sent again since, so that the report is about an earlier attempt."""
    if delivery.completed_at is None or delivery.completed_at > report.sent_at + SAME_TRY:
        return False
    return address is None or not _is_of_before(report, address) or delivery.completed_at < address.trusted_since


def _told_together(delivery: Delivery, address: Address | None) -> list[Delivery]:
    """Return the other deliveries that the same summary mail covered."""
    if delivery.answer != internal_reasons.IN_SUMMARY:
        return []
    summed_up = Delivery.objects.filter(
        address=address,
        status=DeliveryStatus.SENT,
        answer=internal_reasons.IN_SUMMARY,
        completed_at=delivery.completed_at,
    )
    return list(summed_up.exclude(pk=delivery.pk))
