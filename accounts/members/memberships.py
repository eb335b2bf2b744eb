"""Members of a seller account: open, remove, leave, grant a right, hand over the primary role.

Every operation locks the account's row first, so that operations on one account run one after another, and what was
checked still holds when it is written. They raise RuleViolationError when they are not possible.
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.activity.member_log import record
from accounts.models import Membership, SellerAccount, User
from accounts.roles import Role
from accounts.rule_violation import RuleViolationError

from . import account_hooks

MEMBERS_LIMIT = 50
SHOPS_LIMIT = 20


@transaction.atomic
def open_account(user: User, *, name: str, language: str, time_zone: str) -> SellerAccount:
    """Open a shop with `user` as its primary user."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if user.memberships.filter(role=Role.PRIMARY).count() >= SHOPS_LIMIT:
        raise RuleViolationError(
            _("You are the primary user of %(count)s shops already, which is the most that one person can have.")
            % {"count": SHOPS_LIMIT}
        )
    account = SellerAccount.objects.create(name=name, language=language, time_zone=time_zone)
    Membership.objects.create(account=account, user=user, role=Role.PRIMARY)
    record(account, "account.opened", by=user)
    return account


@transaction.atomic
def change_details(account: SellerAccount, *, by: User, name: str, language: str, time_zone: str) -> None:
    """Change the shop's own details and record the changes."""
    locked = lock(account)
    require_primary(locked, by)
    changes = {
        field: value
        for field, value in {"name": name, "language": language, "time_zone": time_zone}.items()
        if getattr(locked, field) != value
    }
    if not changes:
        return
    SellerAccount.objects.filter(pk=locked.pk).update(**changes)
    record(locked, "account.changed", by=by, **changes)


@transaction.atomic
def set_notification_right(membership: Membership, *, granted: bool, by: User) -> None:
    """Grant or withdraw the right to edit notification settings."""
    account = lock(membership.account)
    require_primary(account, by)
    changed = Membership.objects.filter(pk=membership.pk, role=Role.SECONDARY, edits_notifications=not granted).update(
        edits_notifications=granted
    )
    if changed:
        action = "member.right_granted" if granted else "member.right_withdrawn"
        record(account, action, by=by, member=membership.user.name)


@transaction.atomic
def remove(membership: Membership, *, by: User) -> None:
    """End the membership of a secondary user."""
    account = lock(membership.account)
    require_primary(account, by)
    _delete_secondary(membership)
    record(account, "member.removed", by=by, member=membership.user.name)


@transaction.atomic
def leave(membership: Membership) -> None:
    """End the user's own membership as a secondary user."""
    account = lock(membership.account)
    _delete_secondary(membership)
    record(account, "member.left", by=membership.user)


@transaction.atomic
def hand_over(account: SellerAccount, *, by: User, to: Membership) -> None:
    """Make a secondary user the primary user; `by` becomes a secondary user without further rights.

    Both changes are one transaction, so that no account ever has two primary users or none.
    """
    locked = lock(account)
    require_primary(locked, by)
    receiver = locked.memberships.filter(pk=to.pk, role=Role.SECONDARY, user__is_active=True).first()
    if receiver is None:
        raise RuleViolationError(_("This person is no secondary user of the shop any more. Nothing was changed."))
    # Demote first: the constraint does not allow two primary users even within the transaction.
    for user_id, role in ((by.pk, Role.SECONDARY), (receiver.user_id, Role.PRIMARY)):
        locked.memberships.filter(user_id=user_id).update(role=role, edits_notifications=False)
    record(locked, "account.handed_over", by=by, member=receiver.user.name)
    account_hooks.hand_over(locked, by=by)


@transaction.atomic
def close_account(account: SellerAccount) -> None:
    """Delete the shop with all its data, after running the account hooks."""
    locked = lock(account)
    account_hooks.close(locked)
    locked.delete()


def lock(account: SellerAccount) -> SellerAccount:
    """Reload the account and lock its memberships until the transaction ends."""
    return SellerAccount.objects.select_for_update(no_key=True).get(pk=account.pk)


def require_primary(account: SellerAccount, user: User) -> None:
    """Raise RuleViolationError unless `user` is the primary user now, whatever the page showed when it was opened."""
    if not account.memberships.filter(user=user, user__is_active=True, role=Role.PRIMARY).exists():
        raise RuleViolationError(_("You are not the primary user of this shop any more. Nothing was changed."))


def _delete_secondary(membership: Membership) -> None:
    deleted: tuple[int, dict[str, Any]] = Membership.objects.filter(pk=membership.pk, role=Role.SECONDARY).delete()
    if deleted[0]:
        return
    if Membership.objects.filter(pk=membership.pk).exists():
        raise RuleViolationError(_("The primary user cannot leave the shop. Hand over the primary role first."))
    raise RuleViolationError(_("This person is not a member of the shop any more."))
