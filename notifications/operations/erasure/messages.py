"""Erase the recipients of messages: deliveries stay as the shop's record, but no longer name a person."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat, Lower
from django.utils import timezone

from ...models import Address, Attempt, Delivery, MailReport, Preference, ReturnedMail, SkippedRoute
from ...types.enums import DeliveryStatus
from .plan import ERASED, Plan

CHUNK = 5000
_WAITING = (DeliveryStatus.QUEUED, DeliveryStatus.HELD)


@dataclass(frozen=True, slots=True)
class Messages:
    """Everything that was sent to these recipients, or is stored for them."""

    recipients: Collection[str]
    """E-mail addresses and LINE user ids, in lower case."""
    addresses: Sequence[UUID]
    deliveries: Sequence[UUID]

    @property
    def decisions(self) -> QuerySet[SkippedRoute]:
        return _named(SkippedRoute, self.recipients, self.addresses)


def messages_to(recipients: Collection[str]) -> Messages:
    """Find the messages to these recipients, ignoring case."""
    words = [recipient.lower() for recipient in recipients]
    known = Address.objects.annotate(key=Lower("email")).filter(key__in=words)
    addresses = list(known.values_list("pk", flat=True))
    deliveries = list(_named(Delivery, words, addresses).values_list("pk", flat=True))
    return Messages(words, addresses, deliveries)


def tell(plan: Plan, messages: Messages) -> None:
    """Add to the plan what will happen to the messages."""
    plan.take(len(messages.addresses), "the address in the settings of a shop, with its preferences")
    waiting = sum(_deliveries(part).filter(status__in=_WAITING).count() for part in _parts(messages.deliveries))
    plan.take(waiting, "message that has not left: it is cancelled")
    plan.take(len(messages.deliveries), "the recipient and the server's words of a message")
    plan.take(messages.decisions.count(), "the recipient of a decision not to send")


def erase_messages(messages: Messages) -> None:
    """Erase the messages' recipients; must run in a transaction."""
    for part in _parts(messages.deliveries):
        forget_reports(part)
        deliveries = _deliveries(part)
        Attempt.objects.filter(delivery__in=part).update(detail="")
        deliveries.filter(status__in=_WAITING).update(
            status=DeliveryStatus.CANCELLED, completed_at=timezone.now(), lease=None
        )
        # Another recipient of the same notification may be erased, too: the values must differ.
        nobody = Concat(Value(f"{ERASED} "), Cast(F("id"), TextField()))
        deliveries.update(recipient=nobody, address=None, link=None, answer="")
    messages.decisions.update(recipient=ERASED, address=None, detail={})
    forget_reports(messages.addresses)
    reports = MailReport.objects.annotate(key_of_recipient=Lower("recipient"))
    reports.filter(Q(key_of_recipient__in=messages.recipients) | Q(address__in=messages.addresses)).delete()
    named = Preference.objects.filter(destinations__address__in=messages.addresses)
    Preference.objects.filter(pk__in=list(named.values_list("pk", flat=True))).update(version=F("version") + 1)
    Address.objects.filter(pk__in=messages.addresses).delete()


def forget_reports(ids: Collection[UUID]) -> None:
    """Delete bounces and delivery events about these deliveries or addresses."""
    ReturnedMail.objects.filter(delivery_id__in=ids).delete()
    MailReport.objects.filter(delivery__in=ids).delete()


def _deliveries(ids: Sequence[UUID]) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk__in=ids)


def _named(model: Any, recipients: Collection[str], addresses: Sequence[UUID]) -> QuerySet[Any]:
    rows: QuerySet[Any] = model.objects.annotate(key=Lower("recipient"))
    return rows.filter(Q(key__in=recipients) | Q(address__in=addresses))


def _parts(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
