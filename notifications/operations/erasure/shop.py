"""Erase a shop with all its data. Its members stay: they are people, and may have other shops."""

from collections.abc import Iterable
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.db.models import F, Func, Model, QuerySet, Value

from accounts.activity import operator_log
from accounts.members import memberships
from accounts.models import HistoryEntry, Invitation, SellerAccount

from ...models import Address, Broadcast, Delivery, LineLink, LineNotice, Notification, SourceMessage
from . import messages, operators_log, text_columns
from .plan import ERASED, Plan

CHUNK = 1000
CACHED = ("notifications.operations.metrics.page", "notifications.operations.metrics.domains")
"""Cached metrics, which may name a mail domain of the shop for some minutes."""


def plan_shop(account: SellerAccount) -> Plan:
    """Return what would be erased and what would stay."""
    plan = Plan()
    plan.take(account.notifications.count(), "notification, with its messages and what came back")
    plan.take(account.addresses.count(), "address, with preferences")
    plan.take(account.line_links.count(), "LINE link; LINE is told that the consent ended")
    plan.take(HistoryEntry.objects.filter(account=account).count(), "entry of the history")
    plan.take(Invitation.objects.filter(account=account).count(), "invitation")
    plan.take(SourceMessage.objects.filter(account=account).count(), "message of a source")
    plan.take(account.memberships.count(), "membership")
    plan.goes.append("the shop itself, its emergency phone and its own sources")
    plan.stays += [
        "the people who were members: erase them by their e-mail addresses",
        "the acts of operators: they name no shop any more",
        "sums of the metrics: they are about nobody",
        "backups: they go when their time is over",
    ]
    if _foreign(account).exists():
        plan.obstacles.append("A source of the shop brought notifications of another shop: move that source first.")
    return plan


@transaction.atomic
def erase_shop(account: SellerAccount) -> None:
    """Erase everything in one transaction. Raises CannotEraseError."""
    locked = memberships.lock(account)
    plan_shop(locked).require()
    told, members = locked.notifications.count(), locked.memberships.count()
    take_apart(locked)
    text_columns.sweep([account.public_id])
    operator_log.record("shop.erased", by=None, notifications=told, members=members)
    transaction.on_commit(lambda: cache.delete_many(CACHED), robust=True)


def take_apart(account: SellerAccount) -> None:
    """Delete the shop with everything in it; must run in a transaction."""
    people = list(LineLink.objects.filter(account=account).values_list("line_user", flat=True).distinct())
    messages.forget_reports(list(Address.objects.filter(account=account).values_list("pk", flat=True)))
    for ids in _notifications(account):
        for_them = Delivery.objects.filter(notification__in=ids)
        messages.forget_reports(list(for_them.values_list("pk", flat=True)))
        Notification.objects.filter(pk__in=ids).delete()
    operators_log.erase_quotes([account, *_things_of(account)])
    # Replaced, not removed: a broadcast with an empty list of sellers goes to all.
    Broadcast.objects.filter(sellers__contains=[account.public_id]).update(
        sellers=Func(F("sellers"), Value(account.public_id), Value(ERASED), function="array_replace")
    )
    memberships.close_account(account)
    # No message about the end is sent on LINE: it would name the shop.
    LineNotice.objects.filter(line_user__in=people, shop=account.name).delete()


def _notifications(account: SellerAccount) -> Iterable[list[UUID]]:
    """Yield ids in chunks. Runs first: sources of the shop cannot be deleted while notifications refer to them."""
    while ids := list(Notification.objects.filter(account=account).values_list("pk", flat=True)[:CHUNK]):
        yield ids


def _things_of(account: SellerAccount) -> Iterable[Model]:
    """Yield all objects that refer to the shop, as the admin may have log entries of them."""
    for relation in SellerAccount._meta.related_objects:
        yield from relation.related_model._base_manager.filter(**{relation.field.name: account})


def _foreign(account: SellerAccount) -> QuerySet[Notification]:
    return Notification.objects.filter(source__account=account).exclude(account=account)
