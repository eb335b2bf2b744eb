"""From the site: LINE Login says who the person is."""

import logging
import secrets
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone

from accounts.encryption import encrypt
from accounts.models import SellerAccount, User
from notifications.channels.line import login
from notifications.channels.line.config import configured
from notifications.channels.line.http import LineApiError as LineRefusedError
from notifications.channels.line.http import LineError
from notifications.models import LineUser, LinkAttempt
from notifications.models.line import attempt_expiry
from notifications.types.enums import AttemptStage, LinkOrigin

from .. import friendship
from ..deauthorization import PURPOSE
from ..line_users import remember
from ..problems import Problem, StoppedError
from .steps import advance, failed, hashed, made_of

logger = logging.getLogger(__name__)


class Begun(NamedTuple):
    attempt: LinkAttempt
    url: str
    """Where the browser goes next."""


def begin_on_site(account: SellerAccount, user: User, *, redirect_uri: str, auto_login: bool = True) -> Begun:
    """Start an attempt and say where at LINE it goes on."""
    state = secrets.token_urlsafe(32)
    attempt = LinkAttempt.objects.create(
        way=LinkOrigin.SITE,
        secret_hash=hashed(state),
        nonce_hash=hashed(made_of(state, "nonce")),
        user=user,
        account=account,
        expires_at=attempt_expiry(),
    )
    url = login.authorize_url(
        configured(),
        redirect_uri=redirect_uri,
        state=state,
        nonce=made_of(state, "nonce"),
        verifier=made_of(state, "verifier"),
        language=user.language,
        auto_login=auto_login,
    )
    return Begun(attempt, url)


def come_back(user: User, *, state: str, code: str, error: str, redirect_uri: str) -> LinkAttempt:
    """Take the answer that LINE sent through the browser; the attempt then knows the LINE user.

    Raises StoppedError. The state is looked at first, so an answer that nobody here asked for changes nothing.
    """
    attempt = LinkAttempt.objects.filter(way=LinkOrigin.SITE, secret_hash=hashed(state)).first() if state else None
    if attempt is None:
        raise StoppedError(Problem.OTHER_BROWSER)
    if attempt.user_id != user.pk:
        raise StoppedError(Problem.OTHER_PERSON)
    if attempt.stage != AttemptStage.STARTED:
        raise StoppedError(Problem.USED)
    if attempt.has_expired:
        raise StoppedError(Problem.EXPIRED)
    # From here on this answer is used, whatever comes of it: a second copy of it finds another stage.
    if not advance(attempt, AttemptStage.STARTED, AttemptStage.IDENTIFIED):
        raise StoppedError(Problem.USED)
    if error or not code:
        denied = error.casefold() == "access_denied"
        raise failed(attempt, Problem.DENIED_AT_LINE if denied else Problem.LINE_REFUSED)
    try:
        tokens = login.exchange(configured(), code=code, redirect_uri=redirect_uri, verifier=made_of(state, "verifier"))
        # At once: whatever fails from here on, LINE must be told that this consent ends.
        attempt.refresh_token = encrypt(tokens.refresh, purpose=PURPOSE) if tokens.refresh else ""
        attempt.save(update_fields=["refresh_token"])
        person = login.identify(configured(), tokens, nonce=made_of(state, "nonce"))
        asked_at = timezone.now()
        is_friend = login.is_friend(configured(), tokens)
    except LineRefusedError as refused:
        logger.warning("LINE refused attempt %s: %s.", attempt.pk, refused)
        raise failed(attempt, Problem.LINE_REFUSED) from None
    except LineError as trouble:
        logger.warning("LINE did not answer attempt %s: %s.", attempt.pk, trouble)
        raise failed(attempt, Problem.LINE_DOWN) from None
    known = remember(person, whole=False)
    _note_friendship(known, is_friend, at=asked_at)
    attempt.line_user = known
    attempt.save(update_fields=["line_user"])
    return attempt


def of_state(state: str) -> LinkAttempt | None:
    """The attempt that this state was made for: to whoever holds the state, its shop can be named."""
    return LinkAttempt.objects.select_related("account").filter(secret_hash=hashed(state)).first()


def _note_friendship(person: LineUser, is_friend: bool, *, at: datetime) -> None:
    """LINE was asked at this moment, so this is news like any other; what came after the question overrules it."""
    if is_friend:
        friendship.befriended(person.pk, at=at)
    elif person.is_friend:
        friendship.blocked(person.pk, at=at)
