"""From claimed deliveries to messages: loaded for the whole batch, written once for each language."""

import logging
from collections.abc import Callable, Sequence
from functools import cache
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.urls import reverse
from pydantic_core import from_json

from ..channels import own_words
from ..channels.email.channel import EmailMessage
from ..channels.email.mime import Letter
from ..enums import AddressState
from ..rendering import NotificationFacts, letter
from .claims import Claimed

logger = logging.getLogger(__name__)

# The ids as one value: to write hundreds of them into a statement one by one costs more than to read the rows.
_FACTS = """
SELECT notification.id, type, data, account.name, account.time_zone, account.public_id
FROM notifications_notification AS notification
JOIN accounts_selleraccount AS account ON account.id = notification.account_id
WHERE notification.id = ANY(%s)
"""
_ACTIVE = "SELECT id FROM notifications_address WHERE id = ANY(%s) AND state = %s"


class CannotComposeError(Exception):
    """There is no message to send."""

    def __init__(self, detail: str, *, permanent: bool) -> None:
        super().__init__(detail)
        self.detail = detail
        self.permanent = permanent


class Composer:
    """Writes the messages of one batch, in the batch's order."""

    def __init__(self, deliveries: Sequence[Claimed]) -> None:
        self._facts = _facts({delivery.notification_id for delivery in deliveries})
        self._active = _active({delivery.address_id for delivery in deliveries if delivery.address_id is not None})
        self._last: tuple[UUID, str] | None = None
        self._letter: Letter

    def compose(self, delivery: Claimed) -> EmailMessage:
        """The message of one delivery; raises CannotComposeError."""
        if delivery.address_id is None:
            raise CannotComposeError(own_words.ADDRESS_REMOVED, permanent=True)
        if delivery.address_id not in self._active:
            raise CannotComposeError(own_words.ADDRESS_NOT_ACTIVE, permanent=True)
        key = (delivery.notification_id, delivery.language)
        if key != self._last:
            self._letter = self._write(*key)
            self._last = key
        return EmailMessage(delivery.id, delivery.recipient, self._letter)

    def _write(self, notification_id: UUID, language: str) -> Letter:
        try:
            written = letter(self._facts[notification_id], language)
        except Exception as error:  # whatever it is, it must not stop the rest of the batch
            logger.exception("Notification %s cannot be written in %s.", notification_id, language)
            raise CannotComposeError(own_words.NOT_WRITTEN, permanent=False) from error
        return Letter(written.subject, written.text, written.html, language, written.html_opening)


def _facts(notification_ids: set[UUID]) -> dict[UUID, NotificationFacts]:
    page_url, options_url = _url("notifications:open", UUID(int=0)), _url("notifications:options", "0")
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, [list(notification_ids)])
        return {
            pk: NotificationFacts(type, from_json(data), shop, time_zone, page_url(pk), options_url(public_id))
            for pk, type, data, shop, time_zone, public_id in cursor
        }


def _active(address_ids: set[UUID]) -> set[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(_ACTIVE, [list(address_ids), AddressState.ACTIVE.value])
        return {pk for (pk,) in cursor}


@cache
def _url(view: str, example: UUID | str) -> Callable[[object], str]:
    """The address of a page by its one argument: resolving each would cost more than the rest of a mail."""
    before, _, after = reverse(view, args=[example]).partition(str(example))
    before = settings.SITE_URL + before
    return lambda argument: f"{before}{argument}{after}"
