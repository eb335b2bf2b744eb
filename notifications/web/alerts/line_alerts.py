"""Alerts about the account's LINE link."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import SellerAccount
from notifications.recipients.line_account import LinkStatus
from notifications.types.definitions import TYPES
from notifications.types.enums import Channel, LinkState, Reason

from ..activity_log import listing, title
from ..read_state import first_id
from .alert import Action, Alert

MAX_COUNTED = 500

_MISSED = """
SELECT told.type, count(*) FROM (
    SELECT id, type FROM notifications_notification
    WHERE account_id = %s AND id >= %s AND type = ANY(%s)
    ORDER BY id DESC LIMIT %s
) AS told
JOIN notifications_skippedroute AS decision
    ON decision.notification_id = told.id AND decision.channel = %s AND decision.reason = ANY(%s)
GROUP BY told.type ORDER BY count(*) DESC, told.type
"""
_REASONS = (Reason.LINE_BLOCKED, Reason.LINE_UNBLOCKED, Reason.LINE_NOT_FRIEND)


def of_line(account: SellerAccount, link: LinkStatus | None) -> list[Alert]:
    """Return the alerts about the LINE link; runs one more query only when LINE cannot be reached."""
    if link is None or link.state == LinkState.LIVE:
        return []
    words = {
        "name": link.shown_name,
        "date": date_format(timezone.localtime(link.since), "DATETIME_FORMAT"),
    }
    missed = _missed(account, link.since)
    email_goes_on = _("E-mail goes on as before.")
    url = reverse("notifications:line", args=[account.public_id])
    match link.state:
        case LinkState.BLOCKED:
            return [
                Alert(
                    "warn",
                    _("Nothing arrives on LINE: our account is blocked"),
                    (
                        _("“%(name)s” blocked our LINE account on %(date)s.") % words,
                        *missed,
                        _("Nothing is sent to LINE until you unblock our account and link it again."),
                        email_goes_on,
                    ),
                    (Action(_("How to receive LINE again"), url),),
                )
            ]
        case LinkState.UNBLOCKED:
            return [
                Alert(
                    "warn",
                    _("LINE must be linked again"),
                    (
                        _("“%(name)s” unblocked our LINE account on %(date)s.") % words,
                        *missed,
                        _("Nothing is sent to LINE before you have linked again."),
                        email_goes_on,
                    ),
                    (Action(_("Link LINE again"), url),),
                )
            ]
        case _:
            return [
                Alert(
                    "news",
                    _("LINE waits for you to add our account as a friend"),
                    (_("“%(name)s” is linked, but has not added our account as a friend.") % words, *missed),
                    (Action(_("Add as a friend"), url),),
                )
            ]


def _missed(account: SellerAccount, since: datetime) -> Sequence[str]:
    kinds = [kind.key for kind in TYPES.values() if kind.line]
    with connection.cursor() as cursor:
        cursor.execute(
            _MISSED,
            [account.pk, first_id(since), kinds, MAX_COUNTED, Channel.LINE, [*_REASONS]],
        )
        rows = cursor.fetchall()
    count = sum(number for _key, number in rows)
    if not count:
        return ()
    return (
        ngettext(
            "%(count)d notification did not arrive there: %(titles)s.",
            "%(count)d notifications did not arrive there: %(titles)s.",
            count,
        )
        % {"count": count, "titles": listing([title(key) for key, _number in rows])},
    )
