"""An attempt to link: ten minutes, one person, one use. Of its secrets only hashes are kept.

From the site: OAuth with state, nonce and PKCE, then our consent. From the chat: LINE's link token in our address,
our consent, then a nonce that LINE gives back by webhook. Each step is one conditional update, so a replay finds
nothing to do.
"""

import hmac
import logging
import secrets
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.access import primary_user
from accounts.models import SellerAccount, User
from accounts.refusal import RefusedError
from accounts.sealing import derived, seal

from ..channels.line import login
from ..channels.line.server import configured
from ..channels.line.webhook import nonce_hash
from ..channels.line.wire import LineError
from ..channels.line.wire import RefusedError as LineRefusedError
from ..enums import AttemptStage, LinkWay
from ..models import Deauthorization, LineLink, LineUser, LinkAttempt
from ..models.line import attempt_expiry
from . import friendship
from .deauthorizing import PURPOSE
from .links import HOLDING, Established, current, establish
from .people import remember
from .problems import Problem, StoppedError

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=7)
LATE_NEWS = timedelta(minutes=5)
"""LINE's own clock may say that a link token still lived when ours says that it did not."""
MOST_PURGED = 1000


class Begun(NamedTuple):
    attempt: LinkAttempt
    url: str
    """Where the browser goes next."""


# --- From the site


def begin_on_site(account: SellerAccount, user: User, *, redirect_uri: str, auto_login: bool = True) -> Begun:
    """Start an attempt and say where at LINE it goes on."""
    state = secrets.token_urlsafe(32)
    attempt = LinkAttempt.objects.create(
        way=LinkWay.SITE,
        secret_hash=_hash(state),
        nonce_hash=_hash(_of(state, "nonce")),
        user=user,
        account=account,
        expires_at=attempt_expiry(),
    )
    url = login.authorize_url(
        configured(),
        redirect_uri=redirect_uri,
        state=state,
        nonce=_of(state, "nonce"),
        verifier=_of(state, "verifier"),
        language=user.language,
        auto_login=auto_login,
    )
    return Begun(attempt, url)


def come_back(user: User, *, state: str, code: str, error: str, redirect_uri: str) -> LinkAttempt:
    """Take the answer that LINE sent through the browser; the attempt then knows the LINE user.

    Raises StoppedError. The state is looked at first, so an answer that nobody here asked for changes nothing.
    """
    attempt = LinkAttempt.objects.filter(way=LinkWay.SITE, secret_hash=_hash(state)).first() if state else None
    if attempt is None:
        raise StoppedError(Problem.OTHER_BROWSER)
    if attempt.user_id != user.pk:
        raise StoppedError(Problem.OTHER_PERSON)
    if attempt.stage != AttemptStage.STARTED:
        raise StoppedError(Problem.USED)
    if attempt.has_expired:
        raise StoppedError(Problem.EXPIRED)
    # From here on this answer is used, whatever comes of it: a second copy of it finds another stage.
    if not _advance(attempt, AttemptStage.STARTED, AttemptStage.IDENTIFIED):
        raise StoppedError(Problem.USED)
    if error or not code:
        denied = error.casefold() == "access_denied"
        raise _failed(attempt, Problem.DENIED_AT_LINE if denied else Problem.LINE_REFUSED)
    try:
        tokens = login.exchange(
            configured(), code=code, redirect_uri=redirect_uri, verifier=_of(state, "verifier")
        )
        person = login.identify(configured(), tokens, nonce=_of(state, "nonce"))
        is_friend = login.is_friend(configured(), tokens)
    except LineRefusedError as refused:
        logger.warning("LINE refused attempt %s: %s.", attempt.pk, refused)
        raise _failed(attempt, Problem.LINE_REFUSED) from None
    except LineError as trouble:
        logger.warning("LINE did not answer attempt %s: %s.", attempt.pk, trouble)
        raise _failed(attempt, Problem.LINE_DOWN) from None
    known = remember(person, whole=False)
    _note_friendship(known, is_friend)
    attempt.line_user = known
    attempt.refresh_token = seal(tokens.refresh, purpose=PURPOSE) if tokens.refresh else ""
    attempt.save(update_fields=["line_user", "refresh_token"])
    return attempt


def of_state(state: str) -> LinkAttempt | None:
    """The attempt that this state was made for: to whoever holds the state, its shop can be named."""
    return LinkAttempt.objects.select_related("account").filter(secret_hash=_hash(state)).first()


def _note_friendship(person: LineUser, is_friend: bool) -> None:
    """LINE was asked just now, so this is news like any other."""
    now = timezone.now()
    if is_friend:
        friendship.befriended(person.pk, at=now)
    elif person.is_friend:
        friendship.blocked(person.pk, at=now)


# --- From the chat


def begin_in_chat(person: LineUser, link_token: str) -> LinkAttempt:
    """Start an attempt for whoever opens the link that this LINE user was given."""
    return LinkAttempt.objects.create(
        way=LinkWay.CHAT, secret_hash=_hash(link_token), line_user=person, expires_at=attempt_expiry()
    )


def of_link_token(link_token: str) -> LinkAttempt:
    """The attempt of a link from the chat; raises StoppedError. Changes nothing: previews open it too."""
    attempts = LinkAttempt.objects.select_related("line_user", "account", "user")
    attempt = attempts.filter(way=LinkWay.CHAT, secret_hash=_hash(link_token)).first()
    if attempt is None:
        raise StoppedError(Problem.UNKNOWN)
    return attempt


def is_of_link_token(attempt: LinkAttempt, link_token: str) -> bool:
    """Whether somebody came by this attempt's own link."""
    return hmac.compare_digest(attempt.secret_hash, _hash(link_token))


def complete(*, nonce: str, user_id: str, succeeded: bool, at: datetime) -> Problem | None:
    """LINE's answer to a consent in the chat. `nonce` is its hash. Returns why nothing was linked, if so."""
    attempt = (
        LinkAttempt.objects.select_related("account", "user", "line_user", "replaces")
        .filter(way=LinkWay.CHAT, nonce_hash=nonce)
        .first()
    )
    if attempt is None:
        return Problem.UNKNOWN
    if attempt.stage != AttemptStage.AGREED:
        return Problem.USED
    if not succeeded:
        return _failed(attempt, Problem.LINE_REFUSED).problem
    if attempt.line_user_id != user_id:
        return _failed(attempt, Problem.WRONG_LINE_USER).problem
    if at > attempt.expires_at + LATE_NEWS:
        return _failed(attempt, Problem.EXPIRED).problem
    try:
        _link(attempt, AttemptStage.AGREED, at=at)
    except StoppedError as stopped:
        return _failed(attempt, stopped.problem).problem
    except RefusedError:
        return _failed(attempt, Problem.NOT_PRIMARY).problem
    return None


# --- The consent, the same for both


def check_consent(attempt: LinkAttempt, user: User) -> None:
    """Raise StoppedError unless this person may agree or refuse now."""
    if attempt.user_id is not None and attempt.user_id != user.pk:
        raise StoppedError(Problem.OTHER_PERSON)
    if attempt.stage != _ready(attempt) or attempt.line_user_id is None:
        raise StoppedError(Problem.USED)
    if attempt.has_expired:
        raise StoppedError(Problem.EXPIRED)


def in_the_way(attempt: LinkAttempt, account: SellerAccount) -> LineLink | None:
    """The link of another LINE user that agreeing would replace."""
    link = current(account)
    if link is None or link.state not in HOLDING or link.line_user_id == attempt.line_user_id:
        return None
    return link


def agree(attempt: LinkAttempt, user: User, account: SellerAccount, *, replaces: LineLink | None) -> str:
    """The person agrees, for this shop. From the chat returns the nonce for LINE; from the site it is linked now.

    Raises StoppedError; then nothing was linked.
    """
    check_consent(attempt, user)
    if primary_user(account) != user or attempt.account_id not in (None, account.pk):
        raise StoppedError(Problem.NOT_PRIMARY)
    other = in_the_way(attempt, account)
    if other is not None and other != replaces:
        raise StoppedError(Problem.OTHER_LINKED)
    if attempt.way == LinkWay.CHAT:
        nonce = secrets.token_urlsafe(32)
        fields = {"user": user, "account": account, "replaces": other, "nonce_hash": nonce_hash(nonce)}
        if not _advance(attempt, AttemptStage.STARTED, AttemptStage.AGREED, **fields):
            raise StoppedError(Problem.USED)
        return nonce
    attempt.replaces = other
    try:
        _link(attempt, AttemptStage.IDENTIFIED, at=timezone.now())
    except RefusedError:
        raise _failed(attempt, Problem.NOT_PRIMARY) from None
    return ""


@transaction.atomic
def _link(attempt: LinkAttempt, stage: AttemptStage, *, at: datetime) -> Established:
    """Use the attempt up and link, both or neither."""
    if not _advance(attempt, stage, AttemptStage.LINKED, refresh_token=""):
        raise StoppedError(Problem.USED)
    if attempt.account is None or attempt.user is None or attempt.line_user is None:
        raise StoppedError(Problem.UNKNOWN)
    return establish(
        attempt.account,
        attempt.line_user,
        by=attempt.user,
        way=LinkWay(attempt.way),
        at=at,
        replaces=attempt.replaces,
        refresh_token=attempt.refresh_token,
    )


def deny(attempt: LinkAttempt, user: User) -> None:
    """The person does not agree; raises StoppedError when there is nothing to refuse any more."""
    check_consent(attempt, user)
    if not _close(attempt, AttemptStage.DENIED):
        raise StoppedError(Problem.USED)


def purge_attempts() -> int:
    """Delete attempts that are long over, a bounded number of them; LINE is told of consents that led nowhere."""
    old = LinkAttempt.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).order_by("created_at")
    for attempt in old.exclude(refresh_token="")[:MOST_PURGED]:
        _close(attempt, AttemptStage.FAILED, failure=Problem.EXPIRED)
    deleted, _rows = LinkAttempt.objects.filter(
        pk__in=old.filter(refresh_token="").values("pk")[:MOST_PURGED]
    ).delete()
    return deleted


def _ready(attempt: LinkAttempt) -> AttemptStage:
    """The stage in which somebody may agree."""
    return AttemptStage.STARTED if attempt.way == LinkWay.CHAT else AttemptStage.IDENTIFIED


def _advance(attempt: LinkAttempt, before: AttemptStage, after: AttemptStage, **fields: object) -> bool:
    """One conditional update: of two that try, one succeeds."""
    return LinkAttempt.objects.filter(pk=attempt.pk, stage=before).update(stage=after, **fields) == 1


@transaction.atomic
def _close(attempt: LinkAttempt, stage: AttemptStage, *, failure: str = "") -> bool:
    rows = LinkAttempt.objects.select_for_update().filter(pk=attempt.pk)
    open_one = rows.exclude(stage__in=(AttemptStage.LINKED, AttemptStage.DENIED, AttemptStage.FAILED)).first()
    if open_one is None:
        return False
    if open_one.refresh_token and open_one.line_user_id:
        # The person had agreed at LINE; that consent serves nothing now.
        Deauthorization.objects.create(line_user_id=open_one.line_user_id, refresh_token=open_one.refresh_token)
    rows.update(stage=stage, failure=failure, refresh_token="")
    return True


def _failed(attempt: LinkAttempt, problem: Problem) -> StoppedError:
    """Close the attempt for this reason."""
    _close(attempt, AttemptStage.FAILED, failure=problem.value)
    logger.info("Attempt %s to link LINE ended: %s.", attempt.pk, problem.value)
    return StoppedError(problem)


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _of(state: str, purpose: str) -> str:
    """Nonce and PKCE verifier follow from the state and our key: neither is kept, nobody else can make them."""
    key = derived(settings.SECRET_KEY, purpose=f"sellerhub.notifications.line_login.{purpose}")
    return urlsafe_b64encode(hmac.digest(key, state.encode(), "sha256")).rstrip(b"=").decode()
