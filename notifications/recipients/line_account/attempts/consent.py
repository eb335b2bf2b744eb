"""The user's consent to a LINE link, for attempts from the site and from the chat."""

from django.utils import timezone

from accounts.members.access import primary_user
from accounts.models import SellerAccount, User
from accounts.rule_violation import RuleViolationError
from notifications.channels.line.webhook import nonce_hash
from notifications.models import LineLink, LinkAttempt
from notifications.types.enums import AttemptStage, LinkOrigin

from ..links import HOLDING, current
from ..problems import Problem, StoppedError
from .steps import advance, close, failed, link_up, made_of


def check_consent(attempt: LinkAttempt, user: User) -> None:
    """Raise StoppedError unless this user may agree to or deny the attempt now."""
    if attempt.user_id is not None and attempt.user_id != user.pk:
        raise StoppedError(Problem.OTHER_PERSON)
    if attempt.stage != _ready(attempt) or attempt.line_user_id is None:
        raise StoppedError(Problem.USED)
    if attempt.has_expired:
        raise StoppedError(Problem.EXPIRED)


def in_the_way(attempt: LinkAttempt, account: SellerAccount) -> LineLink | None:
    """Return the account's link to another LINE user that agreeing would replace; None when there is none."""
    link = current(account)
    if link is None or link.state not in HOLDING or link.line_user_id == attempt.line_user_id:
        return None
    return link


def agree(
    attempt: LinkAttempt, user: User, account: SellerAccount, *, replaces: LineLink | None, link_token: str = ""
) -> str:
    """Record the user's consent for this account; returns LINE's nonce (chat) or links and returns "" (site).

    Raises StoppedError when nothing was linked. Agreeing twice in the chat flow returns the same nonce.
    """
    nonce = made_of(link_token, "account_link") if attempt.way == LinkOrigin.CHAT else ""
    if (attempt.stage, attempt.user_id, attempt.account_id) == (AttemptStage.AGREED, user.pk, account.pk):
        return nonce
    check_consent(attempt, user)
    if primary_user(account) != user or attempt.account_id not in (None, account.pk):
        raise StoppedError(Problem.NOT_PRIMARY)
    other = in_the_way(attempt, account)
    if other is not None and other != replaces:
        raise StoppedError(Problem.OTHER_LINKED)
    if attempt.way == LinkOrigin.CHAT:
        fields = {"user": user, "account": account, "replaces": other, "agreed_at": timezone.now()}
        if not advance(attempt, AttemptStage.STARTED, AttemptStage.AGREED, nonce_hash=nonce_hash(nonce), **fields):
            raise StoppedError(Problem.USED)
        return nonce
    attempt.replaces = other
    try:
        link_up(attempt, AttemptStage.IDENTIFIED, at=timezone.now())
    except RuleViolationError:
        raise failed(attempt, Problem.NOT_PRIMARY) from None
    return ""


def deny(attempt: LinkAttempt, user: User) -> None:
    """Close the attempt because the user denied it; raises StoppedError when it can no longer be denied."""
    check_consent(attempt, user)
    if not close(attempt, AttemptStage.DENIED):
        raise StoppedError(Problem.USED)


def _ready(attempt: LinkAttempt) -> AttemptStage:
    """Return the stage in which the user may agree."""
    return AttemptStage.STARTED if attempt.way == LinkOrigin.CHAT else AttemptStage.IDENTIFIED
