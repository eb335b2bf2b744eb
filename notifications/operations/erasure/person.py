"""Erase a person: their user, their addresses in every shop, and their name in other records."""

from django.core.cache import cache
from django.db import transaction

from accounts.activity import operator_log
from accounts.members import memberships
from accounts.models import Invitation, SellerAccount, User
from accounts.roles import Role

from . import line_users, messages, names, operators_log, text_columns
from .plan import Plan
from .sessions import end_sessions
from .shop import CACHED, plan_shop, take_apart


def plan_person(email: str, *, with_shop: bool) -> Plan:
    """Return what would be erased and what would stay, for a user or for a recipient without an account."""
    plan = Plan()
    user = User.objects.filter(email=email.lower()).first()
    if user is not None:
        plan.goes.append("the user, with second steps, devices, sessions and what they have read")
        plan.take(user.memberships.count(), "membership")
        _look_at_shops(plan, user, with_shop=with_shop)
    on_line = line_users.line_accounts_of(user) if user else line_users.OnLine([], [])
    plan.take(len(on_line.ids), "LINE account, with its links; LINE is told that the consent ended")
    messages.tell(plan, messages.messages_to([email, *on_line.ids]))
    plan.take(Invitation.objects.filter(email__iexact=email).count(), "invitation")
    if not plan.goes:
        plan.obstacles.append("Nobody here has this address.")
    plan.stays += [
        "the notifications of shops: they belong to the shop, and name the person nowhere",
        "the history of shops and the acts of operators: “erased” stands for the person",
        "what LINE must still be told of an ended consent: until it was told",
        "sums of the metrics: they are about nobody",
        "backups: they go when their time is over",
    ]
    return plan


@transaction.atomic
def erase_person(email: str, *, with_shop: bool) -> None:
    """Erase everything in one transaction. Raises CannotEraseError."""
    user = User.objects.select_for_update().filter(email=email.lower()).first()
    shops = _shops_of(user) if user else []
    for shop in shops:
        memberships.lock(shop)  # nobody can join it from here on
    plan_person(email, with_shop=with_shop).require()
    on_line = line_users.OnLine([], [])
    sessions = 0
    if user is not None:
        on_line, worked_in = line_users.line_accounts_of(user), names.shops_of(user)
        line_users.end_consents(user)
        for shop in shops:
            take_apart(shop)
        names.erase_names([*names.names_of(user), *on_line.names], user=user, shops=worked_in)
        operators_log.erase_quotes([user, *user.memberships.all()])
    to_them = messages.messages_to([email, *on_line.ids])
    messages.erase_messages(to_them)
    Invitation.objects.filter(email__iexact=email).delete()
    if user is not None:
        line_users.erase_line_accounts(on_line.ids, user=user)
        sessions = end_sessions(user.pk)
        user.delete()
    text_columns.sweep([email, *on_line.ids, *(shop.public_id for shop in shops)])
    operator_log.record(
        "person.erased", by=None, shops=len(shops), deliveries=len(to_them.deliveries), sessions=sessions
    )
    transaction.on_commit(lambda: cache.delete_many(CACHED), robust=True)


def _shops_of(user: User) -> list[SellerAccount]:
    """Return the shops of which the person is the primary user, and which need one."""
    of_them = SellerAccount.objects.filter(memberships__user=user, memberships__role=Role.PRIMARY)
    return list(of_them.order_by("pk"))


def _look_at_shops(plan: Plan, user: User, *, with_shop: bool) -> None:
    for shop in _shops_of(user):
        if shop.memberships.exclude(user=user).exists():
            plan.obstacles.append(
                f"The person is the primary user of the shop {shop.public_id}, which has other members:"
                " have the primary role handed over first."
            )
        elif not with_shop:
            plan.obstacles.append(
                f"The person is the only member of the shop {shop.public_id}: it would be nobody's."
                " Add --with-shop to erase it, too."
            )
        else:
            of_shop = plan_shop(shop)
            plan.goes += [f"of the shop {shop.public_id}: {what}" for what in of_shop.goes]
            plan.obstacles += of_shop.obstacles
