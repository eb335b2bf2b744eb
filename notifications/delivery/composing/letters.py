"""E-mail: written once for each language, whoever reads it."""

import logging
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from ...catalogue import TYPES
from ...channels import own_words
from ...channels.base import Verdict
from ...channels.email.channel import EmailMessage
from ...channels.email.mime import Letter
from ...enums import AddressState
from ...rendering import letter
from ..claims import Claimed
from .facts import CannotComposeError, load_facts

logger = logging.getLogger(__name__)

_STANDINGS = "SELECT id, state, failure, probe FROM notifications_address WHERE id = ANY(%s)"


class _Standing(NamedTuple):
    """How an address stands."""

    state: str
    failure: str
    probe: UUID | None


class LetterComposer:
    """Writes the messages of one batch, in the batch's order."""

    def __init__(self, deliveries: Sequence[Claimed]) -> None:
        self._facts = load_facts({delivery.notification_id for delivery in deliveries})
        self._standings = _standings({one.address_id for one in deliveries if one.address_id is not None})
        self._last: tuple[UUID, str] | None = None
        self._letter: Letter

    def compose(self, delivery: Claimed) -> EmailMessage:
        """The message of one delivery; raises CannotComposeError."""
        self._check(delivery)
        key = (delivery.notification_id, delivery.language)
        if key != self._last:
            self._letter = self._write(*key)
            self._last = key
        return EmailMessage(delivery.id, delivery.recipient, self._letter)

    def _check(self, delivery: Claimed) -> None:
        """Whether it may still be sent: the address may have been removed or have failed meanwhile."""
        standing = self._standings.get(delivery.address_id) if delivery.address_id else None
        if standing is None:
            raise CannotComposeError(own_words.ADDRESS_REMOVED, verdict=Verdict.REFUSED)
        match standing.state:
            case AddressState.ACTIVE:
                return
            case AddressState.FAILING if standing.probe == delivery.id:
                return
            case AddressState.FAILING:
                raise CannotComposeError("", verdict=Verdict.HELD, cause=standing.failure)
            case AddressState.REFUSED:
                facts = self._facts.get(delivery.notification_id)
                if facts is None or facts.type not in TYPES or not TYPES[facts.type].required:
                    raise CannotComposeError("", verdict=Verdict.HELD, cause=standing.failure)
            case _:
                raise CannotComposeError(own_words.ADDRESS_NOT_ACTIVE, verdict=Verdict.REFUSED)

    def _write(self, notification_id: UUID, language: str) -> Letter:
        try:
            written = letter(self._facts[notification_id], language)
        except Exception as error:  # whatever it is, it must not stop the rest of the batch
            logger.exception("Notification %s cannot be written in %s.", notification_id, language)
            raise CannotComposeError(own_words.NOT_WRITTEN, verdict=Verdict.DEFERRED) from error
        return Letter(written.subject, written.text, written.html, language, written.html_opening)


def _standings(address_ids: set[UUID]) -> dict[UUID, _Standing]:
    with connection.cursor() as cursor:
        cursor.execute(_STANDINGS, [list(address_ids)])
        return {pk: _Standing(*rest) for pk, *rest in cursor}
