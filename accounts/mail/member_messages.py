"""Contents of the e-mails about membership, in the active language; `sender` sends them."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class MemberMessage:
    """The contents of one e-mail: paragraphs, one link, and notes."""

    subject: str
    paragraphs: tuple[str, ...]
    action: tuple[str, str] | None = None
    notes: tuple[str, ...] = ()


def invitation(*, shop: str, inviter: str, url: str, expires_at: datetime) -> MemberMessage:
    return MemberMessage(
        subject=_("%(inviter)s invites you to %(shop)s on SellerHub") % {"inviter": inviter, "shop": shop},
        paragraphs=(
            _("%(inviter)s invites you to become a secondary user of the shop %(shop)s on SellerHub.")
            % {"inviter": inviter, "shop": shop},
            _("As a secondary user you see the shop’s notifications and settings."),
        ),
        action=(_("Open the invitation"), url),
        notes=(
            _("The link works once and is valid until %(date)s.") % {"date": moment(expires_at)},
            _("If you do not know the shop, ignore this e-mail. Nothing happens then."),
        ),
    )


def removed(*, shop: str, url: str) -> MemberMessage:
    return MemberMessage(
        subject=_("You are no longer a member of %(shop)s") % {"shop": shop},
        paragraphs=(
            _("The primary user removed you from the shop %(shop)s. You cannot open its pages any more.")
            % {"shop": shop},
        ),
        action=(_("Open SellerHub"), url),
        notes=(_("Your own sign-in stays as it is. Ask the shop’s primary user if this was a mistake."),),
    )


def primary_role_received(*, shop: str, giver: str, url: str) -> MemberMessage:
    return MemberMessage(
        subject=_("You are now the primary user of %(shop)s") % {"shop": shop},
        paragraphs=(
            _("%(giver)s handed the primary role of the shop %(shop)s over to you.") % {"giver": giver, "shop": shop},
            _("You manage its members and settings now."),
            _("Notifications for which no address was chosen go to this e-mail address."),
        ),
        action=(_("Open the shop’s members"), url),
    )


def primary_role_given(*, shop: str, receiver: str, url: str) -> MemberMessage:
    return MemberMessage(
        subject=_("%(receiver)s is now the primary user of %(shop)s") % {"receiver": receiver, "shop": shop},
        paragraphs=(
            _("You handed the primary role of the shop %(shop)s over to %(receiver)s.")
            % {"receiver": receiver, "shop": shop},
            _("You are a secondary user of the shop now."),
        ),
        action=(_("Open the shop’s members"), url),
        notes=(not_you(),),
    )


def not_you() -> str:
    return _("If it was not you, change your password at once and contact the marketplace’s seller support.")


def moment(at: datetime) -> str:
    """Format a time in the active language and time zone."""
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")
