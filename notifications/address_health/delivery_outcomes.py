"""What news of mail mean for the deliveries that they name: what was sent and came back was not delivered."""

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
    """Mark the deliveries that came back; returns those to be held if their address rests.

    `address` is locked, and None when it is gone.
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
        # What left before a repair stops nothing, and is kept: the seller is asked about it as about the rest.
        # So is what one summary told: of a single refusal the address goes on, and all of it would be lost.
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
    """The mail left before somebody vouched for the address."""
    return address is not None and report.sent_at < address.trusted_since


def _is_of_this_try(report: MailReport, delivery: Delivery, address: Address | None) -> bool:
    """False where the delivery was sent again since: then it is news of the try before."""
    if delivery.completed_at is None or delivery.completed_at > report.sent_at + SAME_TRY:
        return False
    return address is None or not _is_of_before(report, address) or delivery.completed_at < address.trusted_since


def _told_together(delivery: Delivery, address: Address | None) -> list[Delivery]:
    """The others that the same summary told."""
    if delivery.answer != internal_reasons.IN_SUMMARY:
        return []
    summed_up = Delivery.objects.filter(
        address=address,
        status=DeliveryStatus.SENT,
        answer=internal_reasons.IN_SUMMARY,
        completed_at=delivery.completed_at,
    )
    return list(summed_up.exclude(pk=delivery.pk))
