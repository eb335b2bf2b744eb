"""Limit the addresses of a seller account and the confirmation mails to an address that has not opted in."""

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
"""To one address from one seller account."""
CONFIRMATIONS_A_DAY_FROM_ALL = 10
"""To one address from all seller accounts together: one user can have many accounts."""
CONFIRMATIONS_A_DAY_PER_ACCOUNT = 200
PAUSE = timedelta(minutes=1)
"""Shortest time between two confirmation mails to one address."""

ADDED = "address.added"
REQUESTED = "address.confirmation_requested"


def check_room(account: SellerAccount, more: int) -> None:
    """Raise RuleViolationError when `more` further addresses would exceed ADDRESSES_PER_ACCOUNT."""
    if account.addresses.count() + more > ADDRESSES_PER_ACCOUNT:
        raise RuleViolationError(
            _("A shop can have %(limit)d addresses at the most. Remove one that is no longer needed.")
            % {"limit": ADDRESSES_PER_ACCOUNT}
        )


def check_confirmation_rate(account: SellerAccount, email: str) -> None:
    """Raise RuleViolationError when the address or the account has had as many confirmation mails as allowed.

    Counted in the history by the text of the address, so that removing and adding it again does not help.
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
    """Count one confirmation mail for each address; raises RuleViolationError above the limit of all accounts.

    The message is the same as for one account, so that it reveals nothing about others. Call this check last, for a
    refused mail stays counted. The count is in the cache; without it only the limits of each account hold.
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
    except ValueError:  # the key expired after `add`
        return 1


def _had_its_share(email: str) -> RuleViolationError:
    return RuleViolationError(
        _("%(email)s was sent %(limit)d confirmation mails today. Try again tomorrow.")
        % {"email": email, "limit": CONFIRMATIONS_A_DAY}
    )
