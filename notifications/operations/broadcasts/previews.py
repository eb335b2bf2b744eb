"""How a broadcast will reach one seller: written by the same code as the real thing, and sent to nobody."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import SellerAccount, User
from notifications.channels.base import SendResult
from notifications.delivery import rendering
from notifications.delivery.rendering import NotificationFacts
from notifications.delivery.rendering.site_entries import Entry, entries
from notifications.models import Broadcast, Notification
from notifications.queue import outbox
from notifications.types.definitions import GROUP_OF, TYPES

from .content import data_of

_NO_TOKEN = "preview"  # noqa: S105  (opens nothing)


def mail(broadcast: Broadcast, account: SellerAccount, *, language: str, to: str) -> tuple[str, str, str]:
    """Subject, text and HTML as they go to an address of the shop; `to` stands in for that address."""
    letter = rendering.render_email(_facts(broadcast, account, stoppable=True), language)
    return letter.addressed_to(to, token=_NO_TOKEN)


def bubble(broadcast: Broadcast, account: SellerAccount, *, language: str) -> tuple[str, dict[str, Any]] | None:
    """Alt text and flex JSON; None where this kind is not told on LINE."""
    if not TYPES[broadcast.type].line:
        return None
    return rendering.render_bubble(_facts(broadcast, account, stoppable=False), language)


@contextmanager
def on_the_site(broadcast: Broadcast, account: SellerAccount, *, language: str) -> Iterator[Entry]:
    """The entry as it will stand in the notification centre, while the page is written as the seller sees it."""
    notification = Notification(
        account=account,
        type=broadcast.type,
        data=data_of(broadcast),
        occurred_at=broadcast.started_at or broadcast.scheduled_for or timezone.now(),
    )
    with translation.override(language), timezone.override(account.time_zone):
        [entry] = entries([notification], account, unread=[notification.pk])
        yield entry


def send_test(broadcast: Broadcast, account: SellerAccount, *, to: User) -> bool:
    """Send the mail to an operator, marked as a test; returns whether the mail server took it."""
    letter = rendering.render_email(_facts(broadcast, account, stoppable=False), to.language)
    subject, text, html = letter.addressed_to(to.email)
    with translation.override(to.language):
        subject = _("[Test] %(subject)s") % {"subject": subject}
    message = EmailMultiAlternatives(subject, text, to=[to.email], alternatives=[(html, "text/html")])
    [(_key, verdict, _words)] = outbox.send([(broadcast.pk, message)])
    return verdict is SendResult.ACCEPTED


def _facts(broadcast: Broadcast, account: SellerAccount, *, stoppable: bool) -> NotificationFacts:
    """`stoppable`: with the link that stops it, where the kind has one; an operator has no token for it."""
    group = GROUP_OF[broadcast.type].key
    unsubscribe_url = settings.SITE_URL + reverse("notifications:unsubscribe", args=[_NO_TOKEN])
    return NotificationFacts(
        type=broadcast.type,
        data=data_of(broadcast),
        shop=account.name,
        time_zone=account.time_zone,
        page_url=settings.SITE_URL + reverse("notifications:open", args=[UUID(int=0)]),
        options_url=f"{settings.SITE_URL}{reverse('notifications:options', args=[account.public_id])}#{group}",
        unsubscribe_url=unsubscribe_url.removesuffix(_NO_TOKEN) if stoppable else "",
    )
