"""How many addresses, and how often a stranger's mailbox may be written to before it agreed."""

import logging
from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from accounts.models import HistoryEntry, SellerAccount
from accounts.rule_violation import RuleViolationError

from .normalisation import same

logger = logging.getLogger(__name__)

ADDRESSES_PER_ACCOUNT = 100
CONFIRMATIONS_A_DAY = 5
"""To one address from one shop."""
CONFIRMATIONS_A_DAY_FROM_ALL = 10
"""To one address, whichever shops ask: one person can have many."""
CONFIRMATIONS_A_DAY_PER_ACCOUNT = 200
PAUSE = timedelta(minutes=1)
"""Between two confirmation mails to one address."""

ADDED = "address.added"
REQUESTED = "address.confirmation_requested"


def check_room(account: SellerAccount, more: int) -> None:
    """Raise RefusedError when so many more addresses do not fit."""
    if account.addresses.count() + more > ADDRESSES_PER_ACCOUNT:
        raise RuleViolationError(
            _("A shop can have %(limit)d addresses at the most. Remove one that is no longer needed.")
            % {"limit": ADDRESSES_PER_ACCOUNT}
        )


def check_confirmation_rate(account: SellerAccount, email: str) -> None:
    """Raise RefusedError when the address, or the whole account, had its share of confirmation mails.

    Counted in the history and by the address itself, so that removing and adding it again wins nothing.
    """
    now = timezone.now()
    lately = HistoryEntry.objects.filter(
        account=account, action__in=(ADDED, REQUESTED), at__gt=now - timedelta(days=1)
    ).order_by("-at")
    times = list(lately.filter(detail__email__iexact=email).values_list("at", flat=True)[:CONFIRMATIONS_A_DAY])
    if times and times[0] > now - PAUSE:
        raise RuleViolationError(
            _("A confirmation mail was sent to %(email)s less than a minute ago. Wait a moment.") % {"email": email}
        )
    if len(times) >= CONFIRMATIONS_A_DAY:
        raise _had_its_share(email)
    if lately.count() >= CONFIRMATIONS_A_DAY_PER_ACCOUNT:
        raise RuleViolationError(_("Too many confirmation mails were sent for this shop today. Try again tomorrow."))


def count_across_shops(emails: Iterable[str]) -> None:
    """Count one confirmation mail for each address; raises RefusedError when one had its share from all shops.

    In the same words as for one shop: what other shops do is nobody's business. To be asked last, for what is
    refused here stays counted. Counted in the cache; while that is away only the limits of each shop hold.
    """
    try:
        for email in emails:
            if _counted(email) > CONFIRMATIONS_A_DAY_FROM_ALL:
                raise _had_its_share(email)
    except (RedisError, OSError) as error:
        logger.warning("Confirmation mails are not counted across shops: %s.", type(error).__name__)


def _counted(email: str) -> int:
    key = f"confirmations.{sha256(same(email).encode()).hexdigest()}"
    cache.add(key, 0, timeout=timedelta(days=1).total_seconds())
    try:
        return cache.incr(key)
    except ValueError:  # a day is over just now
        return 1


def _had_its_share(email: str) -> RuleViolationError:
    return RuleViolationError(
        _("%(email)s was sent %(limit)d confirmation mails today. Try again tomorrow.")
        % {"email": email, "limit": CONFIRMATIONS_A_DAY}
    )
