"""What takes an attempt from one stage to the next, once."""

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
    """One conditional update: of two that try, one succeeds."""
    return LinkAttempt.objects.filter(pk=attempt.pk, stage=before).update(stage=after, **fields) == 1


@transaction.atomic
def close(attempt: LinkAttempt, stage: AttemptStage, *, failure: str = "") -> bool:
    rows = LinkAttempt.objects.select_for_update().filter(pk=attempt.pk)
    open_one = rows.exclude(stage__in=(AttemptStage.LINKED, AttemptStage.DENIED, AttemptStage.FAILED)).first()
    if open_one is None:
        return False
    if open_one.refresh_token:
        # The person had agreed at LINE; that consent serves nothing now.
        enqueue_deauthorization(open_one)
    rows.update(stage=stage, failure=failure, refresh_token="")
    return True


def enqueue_deauthorization(attempt: LinkAttempt) -> None:
    Deauthorization.objects.create(line_user_id=attempt.line_user_id or "", refresh_token=attempt.refresh_token)


def failed(attempt: LinkAttempt, problem: Problem) -> StoppedError:
    """Close the attempt for this reason."""
    close(attempt, AttemptStage.FAILED, failure=problem.value)
    logger.info("Attempt %s to link LINE ended: %s.", attempt.pk, problem.value)
    return StoppedError(problem)


@transaction.atomic
def link_up(attempt: LinkAttempt, stage: AttemptStage, *, at: datetime) -> Established:
    """Use the attempt up and link, both or neither."""
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
    return sha256(secret.encode()).hexdigest()


def made_of(secret: str, purpose: str) -> str:
    """A nonce or PKCE verifier that follows from the attempt's secret and our key.

    It need not be kept, is the same when it is asked for twice, and nobody else can make it.
    """
    key = derive_key(settings.SECRET_KEY, purpose=f"sellerhub.notifications.line_link.{purpose}")
    return urlsafe_b64encode(hmac.digest(key, secret.encode(), "sha256")).rstrip(b"=").decode()


def purge_attempts() -> int:
    """Delete attempts that are long over, a bounded number of them; LINE is told of consents that led nowhere."""
    now = timezone.now()
    abandoned = LinkAttempt.objects.filter(expires_at__lt=now).exclude(refresh_token="")
    for attempt in abandoned.order_by("created_at")[:MAX_PURGED]:
        close(attempt, AttemptStage.FAILED, failure=Problem.EXPIRED)
    old = LinkAttempt.objects.filter(created_at__lt=now - KEPT_FOR).order_by("created_at")
    deleted, _rows = LinkAttempt.objects.filter(pk__in=old.filter(refresh_token="").values("pk")[:MAX_PURGED]).delete()
    return deleted
