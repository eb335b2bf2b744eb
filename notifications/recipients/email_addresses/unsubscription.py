"""A recipient stops optional notifications at one address, and takes them up again."""

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

# One UPDATE without a subquery on deliveries: a row that a worker claims at this moment is looked at again.
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
    """Send these optional notifications to the address no more, nor what of them waits; returns what is new.

    Asked for by whoever holds the link of a mail: nobody can do it for them. Raises RefusedError when one of them
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
    """Send these notifications to the address again, as far as the shop chose them; returns what is different.

    `by` is None for whoever holds the link of a mail. What was cancelled meanwhile stays so. Raises
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
    # As judging and replaying do: of many deliveries of one address one of them at a time.
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
