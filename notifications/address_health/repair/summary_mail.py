"""Write the summary mail that lists the notifications an address missed, with a link to the inbox."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.mail.member_messages import MemberMessage
from accounts.models import SellerAccount
from notifications.delivery.rendering.site_entries import entries
from notifications.models import Address, Notification
from notifications.queue import outbox


def write(
    account: SellerAccount,
    address: Address,
    notifications: Sequence[Notification],
    *,
    total: int,
    withdrawn: int = 0,
) -> EmailMultiAlternatives:
    """Return the summary mail in the address's language; `total` may exceed the listed `notifications`.

    `withdrawn`: how many others were recalled meanwhile; they are counted and not listed. Raises UnusableAddressError.
    """
    language, zone = address.language or account.language, ZoneInfo(account.time_zone)
    with translation.override(language), timezone.override(zone):
        lines = [
            f"{date_format(timezone.localtime(one.occurred_at), 'SHORT_DATE_FORMAT')}  {one.headline}"
            for one in entries(notifications, account)
        ]
        left = total - len(lines)
        more = [ngettext("And %(count)d more.", "And %(count)d more.", left) % {"count": left}] if left > 0 else []
        if withdrawn:
            more.append(
                ngettext(
                    "%(count)d notice was taken back meanwhile; it stands in the list with its correction.",
                    "%(count)d notices were taken back meanwhile; they stand in the list with their corrections.",
                    withdrawn,
                )
                % {"count": withdrawn}
            )
        letter = MemberMessage(
            subject=ngettext(
                "%(count)d notification of %(shop)s that you missed",
                "%(count)d notifications of %(shop)s that you missed",
                total,
            )
            % {"count": total, "shop": account.name},
            paragraphs=(
                _("While mail to %(email)s did not arrive, these were kept for you:") % {"email": address.email},
                *lines,
                *more,
            ),
            action=(
                _("Read them on SellerHub"),
                settings.SITE_URL + reverse("notifications:centre", args=[account.public_id]),
            ),
            notes=(),
        )
        footer = _("You get this e-mail because notifications of %(shop)s go to %(email)s.") % {
            "shop": account.name,
            "email": address.email,
        }
        return outbox.write(letter, to=address.email, footer=footer)
