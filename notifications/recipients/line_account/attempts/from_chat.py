"""From the chat: LINE's link token on the way here, our nonce on the way back."""

import hmac
from datetime import datetime, timedelta

from accounts.rule_violation import RuleViolationError
from notifications.models import LineUser, LinkAttempt
from notifications.models.line import attempt_expiry
from notifications.types.enums import AttemptStage, LinkOrigin

from ..problems import Problem, StoppedError
from .steps import failed, hashed, link_up

LATE_NEWS = timedelta(minutes=5)
"""LINE's own clock may say that a link token still lived when ours says that it did not."""


def begin_in_chat(person: LineUser, link_token: str) -> LinkAttempt:
    """Start an attempt for whoever opens the link that this LINE user was given. The one before is void then."""
    LinkAttempt.objects.filter(way=LinkOrigin.CHAT, stage=AttemptStage.STARTED, line_user=person).delete()
    return LinkAttempt.objects.create(
        way=LinkOrigin.CHAT, secret_hash=hashed(link_token), line_user=person, expires_at=attempt_expiry()
    )


def of_link_token(link_token: str) -> LinkAttempt:
    """The attempt of a link from the chat; raises StoppedError. Changes nothing: previews open it too."""
    attempts = LinkAttempt.objects.select_related("line_user", "account", "user")
    attempt = attempts.filter(way=LinkOrigin.CHAT, secret_hash=hashed(link_token)).first()
    if attempt is None:
        raise StoppedError(Problem.UNKNOWN)
    return attempt


def is_of_link_token(attempt: LinkAttempt, link_token: str) -> bool:
    """Whether somebody came by this attempt's own link."""
    return hmac.compare_digest(attempt.secret_hash, hashed(link_token))


def complete(*, nonce: str, user_id: str, succeeded: bool, at: datetime) -> Problem | None:
    """LINE's answer to a consent in the chat. `nonce` is its hash. Returns why nothing was linked, if so."""
    attempt = (
        LinkAttempt.objects.select_related("account", "user", "line_user", "replaces")
        .filter(way=LinkOrigin.CHAT, nonce_hash=nonce)
        .first()
    )
    if attempt is None:
        return Problem.UNKNOWN
    if attempt.stage != AttemptStage.AGREED:
        return Problem.USED
    if not succeeded:
        return failed(attempt, Problem.LINE_REFUSED).problem
    if attempt.line_user_id != user_id:
        return failed(attempt, Problem.WRONG_LINE_USER).problem
    if at > attempt.expires_at + LATE_NEWS:
        return failed(attempt, Problem.EXPIRED).problem
    try:
        link_up(attempt, AttemptStage.AGREED, at=at)
    except StoppedError as stopped:
        return failed(attempt, stopped.problem).problem
    except RuleViolationError:
        return failed(attempt, Problem.NOT_PRIMARY).problem
    return None
