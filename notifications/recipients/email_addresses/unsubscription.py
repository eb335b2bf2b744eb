"""Unsubscribe an address from optional notification types, and subscribe it again."""

from collections.abc import Collection

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.activity.member_log import record
from accounts.models import User
from accounts.rule_violation import RuleViolationError
from notifications.channels import internal_reasons
from notifications.models import Address, Unsubscription
from notifications.types.definitions import TYPES
from notifications.types.enums import Channel, DeliveryStatus

from .address_book import lock

OPTIONAL_TYPES = tuple(key for key, kind in TYPES.items() if not kind.required)

# One UPDATE without a subquery on deliveries, so that a row that a worker claims meanwhile is checked again.
_CANCEL_WAITING = """
UPDATE notifications_delivery AS delivery
SET status = %(cancelled)s, answer = %(answer)s, completed_at = statement_timestamp()
FROM notifications_notification AS notification
WHERE notification.id = delivery.notification_id AND notification.type = ANY(%(types)s)
    AND delivery.address_id = %(address)s AND delivery.channel = %(channel)s
    AND delivery.status || '' IN ('queued', 'held') AND delivery.lease IS NULL
"""


@transaction.atomic
def unsubscribe(address: Address, types: Collection[str]) -> tuple[str, ...]:
    """Stop these optional types at the address and cancel their waiting deliveries; returns the newly stopped ones.

    Only the holder of an e-mail's unsubscribe link can ask for this. Raises RuleViolationError when one of the types
    is required, and Address.DoesNotExist when the address was removed meanwhile.
    """
    for key in types:
        if key not in OPTIONAL_TYPES:
            raise RuleViolationError(_("This notification is required and cannot be stopped."))
    _hold(address)
    known = set(Unsubscription.objects.filter(address=address).values_list("type", flat=True))
    new = tuple(key for key in TYPES if key in types and key not in known)
    Unsubscription.objects.bulk_create(Unsubscription(address=address, type=key) for key in new)
    _cancel_waiting(address, types)
    if new:
        _record(address, "address.unsubscribed", new, everything=set(types) == set(OPTIONAL_TYPES))
    return new


@transaction.atomic
def subscribe_again(address: Address, types: Collection[str], *, by: User | None = None) -> tuple[str, ...]:
    """Resume these types at the address, as far as the account's preferences send them; returns the resumed ones.

    `by` is None for the holder of an unsubscribe link. Deliveries cancelled meanwhile stay cancelled. Raises
    Address.DoesNotExist when the address was removed meanwhile.
    """
    _hold(address)
    rows = Unsubscription.objects.filter(address=address, type__in=[*types])
    gone = set(rows.values_list("type", flat=True))
    rows.delete()
    back = tuple(key for key in TYPES if key in gone)
    if back:
        _record(address, "address.subscribed_again", back, by=by)
    return back


def _hold(address: Address) -> None:
    lock(address.account)
    # Assessment and replays take the same lock, so only one of them changes an address's deliveries at a time.
    Address.objects.select_for_update(no_key=True).only("pk").get(pk=address.pk)


def _cancel_waiting(address: Address, types: Collection[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _CANCEL_WAITING,
            {
                "cancelled": DeliveryStatus.CANCELLED,
                "answer": internal_reasons.UNSUBSCRIBED,
                "types": [*types],
                "address": address.pk,
                "channel": Channel.EMAIL,
            },
        )


def _record(
    address: Address, action: str, types: Collection[str], *, by: User | None = None, everything: bool = False
) -> None:
    record(
        address.account,
        action,
        by=by,
        address=str(address.pk),
        email=address.email,
        types=[*types],
        everything=everything,
    )
