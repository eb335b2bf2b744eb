"""Erase a person's name from other records of the shops in which they worked.
Records hold only the name, so a member of the same shop with exactly the same name is erased there, too.
"""

from collections.abc import Collection

from django.db import connection
from django.db.models import Q

from accounts.models import HistoryEntry, Membership, OperatorAction, User

from ...models import AddressTestMessage, EmergencyNotice, LineNotice, LinkMail
from .plan import ERASED

_HISTORY = """
UPDATE accounts_historyentry
SET detail = replace(detail::text, to_jsonb(%(name)s::text)::text, to_jsonb(%(erased)s::text)::text)::jsonb
WHERE account_id = ANY(%(shops)s) AND position(to_jsonb(%(name)s::text)::text IN detail::text) > 0
"""
_DECISIONS = """
UPDATE notifications_skippedroute AS decision
SET detail = jsonb_set(decision.detail, '{by}', to_jsonb(%(erased)s::text))
FROM notifications_notification AS notification
WHERE notification.id = decision.notification_id AND notification.account_id = ANY(%(shops)s)
    AND decision.detail ->> 'by' = %(name)s
"""


def shops_of(user: User) -> list[int]:
    """Return the ids of the shops in which the person is a member or has acted."""
    member = Membership.objects.filter(user=user).values_list("account_id", flat=True)
    acted = HistoryEntry.objects.filter(actor=user).values_list("account_id", flat=True)
    return sorted({*member, *acted})


def names_of(user: User) -> list[str]:
    """Return the current name, and those under which the person acted before."""
    acted = HistoryEntry.objects.filter(actor=user).values_list("actor_name", flat=True)
    return [user.name, *sorted({*acted} - {user.name, "", ERASED})]


def erase_names(names: Collection[str], *, user: User | None, shops: Collection[int]) -> None:
    """Replace the names of the person and of their LINE account; must run in a transaction."""
    if user is not None:
        HistoryEntry.objects.filter(actor=user).update(actor_name=ERASED)
        OperatorAction.objects.filter(operator=user).update(operator_name=ERASED)
    of_shops = Q(account__in=shops)
    for name in filter(None, names):
        with connection.cursor() as cursor:
            values: dict[str, str | list[int]] = {"name": name, "erased": ERASED, "shops": list(shops)}
            cursor.execute(_HISTORY, values)
            cursor.execute(_DECISIONS, values)
        HistoryEntry.objects.filter(of_shops, actor_name=name).update(actor_name=ERASED)
        EmergencyNotice.objects.filter(of_shops, by_name=name).update(by_name=ERASED)
        LinkMail.objects.filter(of_shops, by_name=name).update(by_name=ERASED)
        LinkMail.objects.filter(of_shops, line_name=name).update(line_name=ERASED)
        AddressTestMessage.objects.filter(address__account__in=shops, by_name=name).update(by_name=ERASED)
        LineNotice.objects.filter(link__account__in=shops, by_name=name).update(by_name=ERASED)
