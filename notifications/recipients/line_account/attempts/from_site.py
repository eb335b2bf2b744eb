"""Link from the site: LINE Login (OAuth 2.0 with PKCE) identifies the LINE user."""

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
    """LINE's authorization URL, to redirect the browser to."""


def begin_on_site(account: SellerAccount, user: User, *, redirect_uri: str, auto_login: bool = True) -> Begun:
    """Start an attempt; returns it with LINE's authorization URL."""
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
    """Process LINE Login's redirect to our callback; returns the attempt with its LINE user set.

    Raises StoppedError. The state is checked first, so a callback without an attempt changes nothing.
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
    # The callback counts as used from here on, whatever its result: a repeated one finds another stage.
    if not advance(attempt, AttemptStage.STARTED, AttemptStage.IDENTIFIED):
        raise StoppedError(Problem.USED)
    if error or not code:
        denied = error.casefold() == "access_denied"
        raise failed(attempt, Problem.DENIED_AT_LINE if denied else Problem.LINE_REFUSED)
    try:
        tokens = login.exchange(configured(), code=code, redirect_uri=redirect_uri, verifier=made_of(state, "verifier"))
        # Saved at once: if anything fails from here on, the consent must be withdrawn at LINE.
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
    """Return the attempt of this OAuth state, or None; who holds the state may see the account's name."""
    return LinkAttempt.objects.select_related("account").filter(secret_hash=hashed(state)).first()


def _note_friendship(person: LineUser, is_friend: bool, *, at: datetime) -> None:
    """Record LINE's reply as an event at the time `at` of the request; later events take precedence."""
    if is_friend:
        friendship.befriended(person.pk, at=at)
    elif person.is_friend:
        friendship.blocked(person.pk, at=at)
