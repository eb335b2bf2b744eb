"""How many addresses, and how often a stranger's mailbox may be written to before it agreed."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import HistoryEntry, SellerAccount
from accounts.refusal import RefusedError

ADDRESSES_PER_ACCOUNT = 100
CONFIRMATIONS_A_DAY = 5
"""To one address."""
CONFIRMATIONS_A_DAY_PER_ACCOUNT = 200
PAUSE = timedelta(minutes=1)
"""Between two confirmation mails to one address."""

ADDED = "address.added"
REQUESTED = "address.confirmation_requested"


def check_room(account: SellerAccount, more: int) -> None:
    """Raise RefusedError when so many more addresses do not fit."""
    if account.addresses.count() + more > ADDRESSES_PER_ACCOUNT:
        raise RefusedError(
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
        raise RefusedError(
            _("A confirmation mail was sent to %(email)s less than a minute ago. Wait a moment.")
            % {"email": email}
        )
    if len(times) >= CONFIRMATIONS_A_DAY:
        raise RefusedError(
            _("%(email)s was sent %(limit)d confirmation mails today. Try again tomorrow.")
            % {"email": email, "limit": CONFIRMATIONS_A_DAY}
        )
    if lately.count() >= CONFIRMATIONS_A_DAY_PER_ACCOUNT:
        raise RefusedError(_("Too many confirmation mails were sent for this shop today. Try again tomorrow."))
