"""Invite secondary users: by a link that is valid for 7 days, works once, and only for the invited address.

Operations that are not possible raise RuleViolationError.
"""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.activity.member_log import record
from accounts.models import Invitation, Membership, SellerAccount, User
from accounts.roles import Role
from accounts.rule_violation import RuleViolationError

from .memberships import MEMBERS_LIMIT, lock, require_primary

VALID_FOR = timedelta(days=7)
OPEN_LIMIT = 20
SHOPS_OF_ONE_LIMIT = 100


@transaction.atomic
def invite(
    account: SellerAccount, email: str, *, by: User, edits_notifications: bool = False
) -> tuple[Invitation, str]:
    """Create an invitation; return it with its token, of which only the hash is stored."""
    account = lock(account)
    require_primary(account, by)
    email = email.lower()
    if account.memberships.filter(user__email=email).exists():
        raise RuleViolationError(_("%(email)s is a member of this shop already.") % {"email": email})
    running = account.invitations.filter(accepted_at=None, revoked_at=None)
    # An expired invitation may be replaced.
    running.filter(email=email, expires_at__lte=timezone.now()).update(revoked_at=timezone.now())
    if running.filter(email=email).exists():
        raise RuleViolationError(
            _("%(email)s has an open invitation already. You can send it again below.") % {"email": email}
        )
    open_count = running.count()
    if open_count >= OPEN_LIMIT:
        raise RuleViolationError(
            _("%(count)s invitations are open, which is the most there can be. Revoke one that is not needed.")
            % {"count": open_count}
        )
    if account.memberships.count() + open_count >= MEMBERS_LIMIT:
        raise RuleViolationError(
            _("A shop can have %(count)s members at most, open invitations included.") % {"count": MEMBERS_LIMIT}
        )
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        account=account,
        email=email,
        token_hash=_hash(token),
        edits_notifications=edits_notifications,
        invited_by=by,
        expires_at=timezone.now() + VALID_FOR,
    )
    record(account, "invitation.sent", by=by, email=email)
    return invitation, token


@transaction.atomic
def renew(invitation: Invitation, *, by: User) -> str:
    """Give the invitation a new token and 7 new days; the link sent before stops working."""
    account = lock(invitation.account)
    require_primary(account, by)
    token = secrets.token_urlsafe(32)
    renewed = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None).update(
        token_hash=_hash(token), expires_at=timezone.now() + VALID_FOR, invited_by=by
    )
    if not renewed:
        raise RuleViolationError(_("This invitation was accepted or revoked meanwhile."))
    record(account, "invitation.sent_again", by=by, email=invitation.email)
    return token


@transaction.atomic
def revoke(invitation: Invitation, *, by: User) -> None:
    """Revoke the invitation, so that its link stops working."""
    account = lock(invitation.account)
    require_primary(account, by)
    revoked = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None).update(
        revoked_at=timezone.now()
    )
    if not revoked:
        raise RuleViolationError(_("This invitation was accepted or revoked meanwhile."))
    record(account, "invitation.revoked", by=by, email=invitation.email)


def find(token: str) -> Invitation | None:
    """Return the invitation with this token, in any state; None if there is none."""
    return Invitation.objects.select_related("account", "invited_by").filter(token_hash=_hash(token)).first()


@transaction.atomic
def accept(invitation: Invitation, user: User) -> Membership:
    """Make the invited user a secondary user."""
    if user.email != invitation.email:
        raise RuleViolationError(_("This invitation is for another e-mail address."))
    account = lock(invitation.account)
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if user.memberships.exclude(account=account).count() >= SHOPS_OF_ONE_LIMIT:
        raise RuleViolationError(
            _("You are a member of %(count)s shops already, which is the most that one person can be.")
            % {"count": SHOPS_OF_ONE_LIMIT}
        )
    # One conditional update uses the invitation, so that of two simultaneous clicks only one succeeds.
    accepted = Invitation.objects.filter(
        pk=invitation.pk, accepted_at=None, revoked_at=None, expires_at__gt=timezone.now()
    ).update(accepted_at=timezone.now())
    if not accepted:
        raise RuleViolationError(_("This invitation is not valid any more."))
    if account.memberships.count() >= MEMBERS_LIMIT:
        raise RuleViolationError(
            _("A shop can have %(count)s members at most, open invitations included.") % {"count": MEMBERS_LIMIT}
        )
    membership, joined = Membership.objects.get_or_create(
        account=account,
        user=user,
        defaults={"role": Role.SECONDARY, "edits_notifications": invitation.edits_notifications},
    )
    if joined:
        record(account, "member.joined", by=user)
    return membership


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
