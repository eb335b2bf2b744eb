"""E-mail: written once for each language, whoever reads it."""

import logging
from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from ...channels import own_words
from ...channels.base import Verdict
from ...channels.email.channel import EmailMessage
from ...channels.email.mime import Letter
from ...enums import AddressState
from ...rendering import letter
from ..claims import Claimed
from .facts import CannotComposeError, load_facts

logger = logging.getLogger(__name__)

_ACTIVE = "SELECT id FROM notifications_address WHERE id = ANY(%s) AND state = %s"


class LetterComposer:
    """Writes the messages of one batch, in the batch's order."""

    def __init__(self, deliveries: Sequence[Claimed]) -> None:
        self._facts = load_facts({delivery.notification_id for delivery in deliveries})
        self._active = _active({delivery.address_id for delivery in deliveries if delivery.address_id is not None})
        self._last: tuple[UUID, str] | None = None
        self._letter: Letter

    def compose(self, delivery: Claimed) -> EmailMessage:
        """The message of one delivery; raises CannotComposeError."""
        if delivery.address_id is None:
            raise CannotComposeError(own_words.ADDRESS_REMOVED, verdict=Verdict.REFUSED)
        if delivery.address_id not in self._active:
            raise CannotComposeError(own_words.ADDRESS_NOT_ACTIVE, verdict=Verdict.REFUSED)
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
            raise CannotComposeError(own_words.NOT_WRITTEN, verdict=Verdict.DEFERRED) from error
        return Letter(written.subject, written.text, written.html, language, written.html_opening)


def _active(address_ids: set[UUID]) -> set[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(_ACTIVE, [list(address_ids), AddressState.ACTIVE.value])
        return {pk for (pk,) in cursor}
