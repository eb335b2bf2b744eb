"""Delete sign-ups whose address was not confirmed within a week, with the shops opened by them."""

import logging
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Exists, ForeignObjectRel, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import HistoryEntry, Membership, SellerAccount, User

from . import memberships

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=7)
MAX_AT_ONCE = 200
_MADE_BY_SIGN_UP = (Membership, HistoryEntry)


def purge() -> int:
    """Delete at most `MAX_AT_ONCE` due sign-ups; return how many."""
    due = list(_due().order_by("pk").values_list("pk", flat=True)[:MAX_AT_ONCE])
    gone = sum(_delete(user_id) for user_id in due)
    if gone:
        logger.info("Deleted %d sign-ups that nobody confirmed.", gone)
    return gone


def _due() -> QuerySet[User]:
    """Return users who never signed in and signed up long ago. Operators have no address to confirm, so they stay."""
    addresses = EmailAddress.objects.filter(user=OuterRef("pk"))
    in_use = Membership.objects.filter(_is_in_use(), user=OuterRef("pk"))
    return User.objects.filter(
        Exists(addresses),
        ~Exists(addresses.filter(verified=True)),
        ~Exists(in_use),
        date_joined__lt=timezone.now() - KEPT_FOR,
        last_login=None,
        is_active=True,
        is_staff=False,
        is_superuser=False,
    )


def _is_in_use() -> Q:
    """Return a condition on memberships: the shop has other members, or rows that sign-up does not create."""
    others = Membership.objects.filter(account=OuterRef("account")).exclude(user=OuterRef("user"))
    in_use = Q(Exists(others))
    for relation in SellerAccount._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and relation.related_model not in _MADE_BY_SIGN_UP:
            rows = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("account")})
            in_use |= Q(Exists(rows))
    return in_use


@transaction.atomic
def _delete(user_id: int) -> bool:
    # With these locks nobody joins the shop, is notified or confirms the address; so check once more.
    shops = list(SellerAccount.objects.select_for_update().filter(memberships__user_id=user_id))
    list(EmailAddress.objects.select_for_update().filter(user_id=user_id))
    if not _due().filter(pk=user_id).exists():
        return False
    for shop in shops:
        memberships.close_account(shop)
    User.objects.filter(pk=user_id).delete()
    return True
