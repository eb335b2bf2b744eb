"""Stage changes of a link attempt (each happens once), its derived secrets, and the purge of old attempts."""

import hmac
import logging
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.encryption import derive_key
from notifications.models import Deauthorization, LinkAttempt
from notifications.types.enums import AttemptStage, LinkOrigin

from ..links import Established, establish
from ..problems import Problem, StoppedError

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=7)
MAX_PURGED = 1000


def advance(attempt: LinkAttempt, before: AttemptStage, after: AttemptStage, **fields: object) -> bool:
    """Move the attempt from stage `before` to `after`; returns false when another request has moved it already."""
    return LinkAttempt.objects.filter(pk=attempt.pk, stage=before).update(stage=after, **fields) == 1


@transaction.atomic
def close(attempt: LinkAttempt, stage: AttemptStage, *, failure: str = "") -> bool:
    """Move an open attempt to a final stage and end its consent at LINE; returns false when it was closed already."""
    rows = LinkAttempt.objects.select_for_update().filter(pk=attempt.pk)
    open_one = rows.exclude(stage__in=(AttemptStage.LINKED, AttemptStage.DENIED, AttemptStage.FAILED)).first()
    if open_one is None:
        return False
    if open_one.refresh_token:
        # The user had consented at LINE; that consent is no longer needed.
        enqueue_deauthorization(open_one)
    rows.update(stage=stage, failure=failure, refresh_token="")
    return True


def enqueue_deauthorization(attempt: LinkAttempt) -> None:
    """Enqueue the withdrawal of the attempt's consent at LINE."""
    Deauthorization.objects.create(line_user_id=attempt.line_user_id or "", refresh_token=attempt.refresh_token)


def failed(attempt: LinkAttempt, problem: Problem) -> StoppedError:
    """Close the attempt for this reason; returns the error to raise."""
    close(attempt, AttemptStage.FAILED, failure=problem.value)
    logger.info("Attempt %s to link LINE ended: %s.", attempt.pk, problem.value)
    return StoppedError(problem)


@transaction.atomic
def link_up(attempt: LinkAttempt, stage: AttemptStage, *, at: datetime) -> Established:
    """Mark the attempt as used and link, in one transaction; raises StoppedError and RuleViolationError."""
    if not advance(attempt, stage, AttemptStage.LINKED, refresh_token=""):
        raise StoppedError(Problem.USED)
    if attempt.account is None or attempt.user is None or attempt.line_user is None:
        raise StoppedError(Problem.UNKNOWN)
    return establish(
        attempt.account,
        attempt.line_user,
        by=attempt.user,
        way=LinkOrigin(attempt.way),
        at=at,
        agreed_at=attempt.agreed_at or timezone.now(),
        replaces=attempt.replaces,
        refresh_token=attempt.refresh_token,
    )


def hashed(secret: str) -> str:
    """Return the SHA-256 of a secret in hex, as it is stored."""
    return sha256(secret.encode()).hexdigest()


def made_of(secret: str, purpose: str) -> str:
    """Derive a nonce or PKCE verifier from the attempt's secret and SECRET_KEY.

    So it need not be stored, is the same each time, and cannot be computed by others.
    """
    key = derive_key(settings.SECRET_KEY, purpose=f"sellerhub.notifications.line_link.{purpose}")
    return urlsafe_b64encode(hmac.digest(key, secret.encode(), "sha256")).rstrip(b"=").decode()


def purge_attempts() -> int:
    """Delete attempts older than KEPT_FOR, up to MAX_PURGED, and enqueue deauthorization of abandoned consents.

    Returns how many were deleted.
    """
    now = timezone.now()
    abandoned = LinkAttempt.objects.filter(expires_at__lt=now).exclude(refresh_token="")
    for attempt in abandoned.order_by("created_at")[:MAX_PURGED]:
        close(attempt, AttemptStage.FAILED, failure=Problem.EXPIRED)
    old = LinkAttempt.objects.filter(created_at__lt=now - KEPT_FOR).order_by("created_at")
    deleted, _rows = LinkAttempt.objects.filter(pk__in=old.filter(refresh_token="").values("pk")[:MAX_PURGED]).delete()
    return deleted
