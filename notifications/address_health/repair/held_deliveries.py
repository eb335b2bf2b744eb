"""Count the deliveries held for each suppressed address of a seller account."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection

from accounts.models import SellerAccount
from notifications.models import Address
from notifications.types.enums import AddressState

MAX_COUNTED = 1000
"""For each address; above it a page says "more than"."""

_HELD = """
SELECT address.id, kept.type, count(*)
FROM notifications_address AS address
CROSS JOIN LATERAL (
    SELECT notification.type
    FROM notifications_delivery AS delivery
    JOIN notifications_notification AS notification ON notification.id = delivery.notification_id
    WHERE delivery.address_id = address.id AND delivery.status = 'held'
    LIMIT %s
) AS kept
WHERE address.account_id = %s
GROUP BY address.id, kept.type
ORDER BY count(*) DESC, kept.type
"""


@dataclass(frozen=True, slots=True)
class Held:
    """The held deliveries of one address, as counts."""

    types: Mapping[str, int] = field(default_factory=dict)
    """Count by notification type, the most frequent first."""

    @property
    def count(self) -> int:
        return min(sum(self.types.values()), MAX_COUNTED)

    @property
    def is_more(self) -> bool:
        """Whether there are more than were counted."""
        return sum(self.types.values()) > MAX_COUNTED


def needs_repair(account_id: int) -> bool:
    """Return whether any address of the seller account is suppressed."""
    resting = (AddressState.FAILING, AddressState.REFUSED)
    return Address.objects.filter(account=account_id, state__in=resting).exists()


def held(account: SellerAccount) -> dict[UUID, Held]:
    """Return the counts for each address of the account that has held deliveries, by address id."""
    found: dict[UUID, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [MAX_COUNTED + 1, account.pk])
        for address_id, type_key, count in cursor:
            found.setdefault(address_id, {})[type_key] = count
    return {address_id: Held(types) for address_id, types in found.items()}
