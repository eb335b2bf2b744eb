"""Activity log of a seller account: record what members did; all members can read it."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import HistoryEntry, SellerAccount, User

SENTENCES: Mapping[str, Promise] = {
    "account.opened": _("%(by)s opened the shop."),
    "account.changed": _("%(by)s changed the shop’s details."),
    "account.handed_over": _("%(by)s handed the primary role over to %(member)s."),
    "invitation.sent": _("%(by)s invited %(email)s."),
    "invitation.sent_again": _("%(by)s sent the invitation to %(email)s again."),
    "invitation.revoked": _("%(by)s revoked the invitation to %(email)s."),
    "member.joined": _("%(by)s joined the shop."),
    "member.left": _("%(by)s left the shop."),
    "member.removed": _("%(by)s removed %(member)s from the shop."),
    "member.right_granted": _("%(by)s granted %(member)s the right to edit notification settings."),
    "member.right_withdrawn": _("%(by)s withdrew from %(member)s the right to edit notification settings."),
}


def record(account: SellerAccount, action: str, *, by: User | None, **detail: Any) -> HistoryEntry:
    """Add one entry. `detail` must be JSON without anything that another member may not see."""
    return HistoryEntry.objects.create(
        account=account, action=action, actor=by, actor_name=by.name if by else "", detail=detail
    )


def sentence(entry: HistoryEntry) -> str:
    """Return the translated sentence of an entry about the account or its members."""
    return str(SENTENCES[entry.action]) % {**entry.detail, "by": entry.actor_name}
