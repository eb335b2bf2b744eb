"""Preview a broadcast as one seller will get it, rendered by the code that renders the real messages."""

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

_NO_TOKEN = "preview"  # noqa: S105  (not a valid token)


def mail(broadcast: Broadcast, account: SellerAccount, *, language: str, to: str) -> tuple[str, str, str]:
    """Return subject, text and HTML of the e-mail; `to` stands in for the recipient's address."""
    letter = rendering.render_email(_facts(broadcast, account, stoppable=True), language)
    return letter.addressed_to(to, token=_NO_TOKEN)


def bubble(broadcast: Broadcast, account: SellerAccount, *, language: str) -> tuple[str, dict[str, Any]] | None:
    """Return alt text and Flex Message JSON; None where this type is not sent on LINE."""
    if not TYPES[broadcast.type].line:
        return None
    return rendering.render_bubble(_facts(broadcast, account, stoppable=False), language)


@contextmanager
def on_the_site(broadcast: Broadcast, account: SellerAccount, *, language: str) -> Iterator[Entry]:
    """Yield the entry of the notification inbox, with the seller's language and time zone active."""
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
    """Send the e-mail to an operator, marked as a test; returns whether the mail server accepted it."""
    letter = rendering.render_email(_facts(broadcast, account, stoppable=False), to.language)
    subject, text, html = letter.addressed_to(to.email)
    with translation.override(to.language):
        subject = _("[Test] %(subject)s") % {"subject": subject}
    message = EmailMultiAlternatives(subject, text, to=[to.email], alternatives=[(html, "text/html")])
    [(_key, verdict, _words)] = outbox.send([(broadcast.pk, message)])
    return verdict is SendResult.ACCEPTED


def _facts(broadcast: Broadcast, account: SellerAccount, *, stoppable: bool) -> NotificationFacts:
    """Build the message content. `stoppable` adds the unsubscribe link where the type has one; an operator has no
    token.
    """
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
