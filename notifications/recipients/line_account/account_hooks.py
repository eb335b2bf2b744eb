"""Account hooks that end the LINE link when the primary user changes or the seller account is closed."""

from django.utils.translation import gettext as _

from accounts.models import SellerAccount, User
from notifications.models import LinkAttempt
from notifications.types.enums import LinkEnd

from .attempts.steps import enqueue_deauthorization
from .links import current, end


class LineAccountHook:
    """See `accounts.members.account_hooks.AccountHook`."""

    def warning(self, account: SellerAccount) -> str:
        link = current(account)
        if link is None:
            return ""
        return _("The LINE link with “%(name)s” ends. The new primary user can link their own LINE account.") % {
            "name": link.line_user.shown_name
        }

    def hand_over(self, account: SellerAccount, *, by: User) -> None:
        end(account, LinkEnd.HANDED_OVER, by=by)

    def close(self, account: SellerAccount) -> None:
        end(account, LinkEnd.CLOSED, by=None)
        for attempt in LinkAttempt.objects.filter(account=account).exclude(refresh_token=""):
            enqueue_deauthorization(attempt)
