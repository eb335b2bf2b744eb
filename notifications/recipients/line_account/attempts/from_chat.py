"""Link from the LINE chat (LINE's account link feature): link token to our site, our nonce back by webhook."""

import hmac
from datetime import datetime, timedelta

from accounts.rule_violation import RuleViolationError
from notifications.models import LineUser, LinkAttempt
from notifications.models.line import attempt_expiry
from notifications.types.enums import AttemptStage, LinkOrigin

from ..problems import Problem, StoppedError
from .steps import failed, hashed, link_up

LATE_NEWS = timedelta(minutes=5)
"""Tolerance of expiry: by LINE's clock a link token may still be valid when it has expired by ours."""


def begin_in_chat(person: LineUser, link_token: str) -> LinkAttempt:
    """Start an attempt for the link that this LINE user is given; their earlier unused attempt becomes void."""
    LinkAttempt.objects.filter(way=LinkOrigin.CHAT, stage=AttemptStage.STARTED, line_user=person).delete()
    return LinkAttempt.objects.create(
        way=LinkOrigin.CHAT, secret_hash=hashed(link_token), line_user=person, expires_at=attempt_expiry()
    )


def of_link_token(link_token: str) -> LinkAttempt:
    """Return the attempt of a link from the chat; raises StoppedError. Read-only, for link previews open it, too."""
    attempts = LinkAttempt.objects.select_related("line_user", "account", "user")
    attempt = attempts.filter(way=LinkOrigin.CHAT, secret_hash=hashed(link_token)).first()
    if attempt is None:
        raise StoppedError(Problem.UNKNOWN)
    return attempt


def is_of_link_token(attempt: LinkAttempt, link_token: str) -> bool:
    """Return whether the link token belongs to this attempt."""
    return hmac.compare_digest(attempt.secret_hash, hashed(link_token))


def complete(*, nonce: str, user_id: str, succeeded: bool, at: datetime) -> Problem | None:
    """Process LINE's accountLink event after consent; `nonce` is hashed. Returns why nothing was linked, or None."""
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
