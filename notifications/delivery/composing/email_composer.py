"""Compose e-mails for a batch: checks each address, and renders a notification once for each language."""

import logging
from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from ...channels import internal_reasons
from ...channels.base import SendResult
from ...channels.email.channel import EmailMessage
from ...channels.email.mime import EmailContent
from ...recipients.email_addresses import unsubscribe_token
from ...types.definitions import TYPES
from ...types.enums import AWAITED, RECALLED, AddressState
from ..claims import Claimed
from ..rendering import render_email
from .batch_facts import CannotComposeError, load_facts

logger = logging.getLogger(__name__)

_STANDINGS = """
SELECT id, state, failure, probe,
       ARRAY(SELECT gone.type FROM notifications_unsubscription AS gone WHERE gone.address_id = address.id)
FROM notifications_address AS address
WHERE id = ANY(%s)
"""


class _Standing(NamedTuple):
    """The current state of an address."""

    state: str
    failure: str
    probe: UUID | None
    unsubscribed_from: Collection[str]


class EmailComposer:
    """Composes the e-mails of one batch; see `Composer`."""

    def __init__(self, deliveries: Sequence[Claimed]) -> None:
        self._facts = load_facts({delivery.notification_id for delivery in deliveries})
        self._standings = _standings({one.address_id for one in deliveries if one.address_id is not None})
        self._last: tuple[UUID, str] | None = None
        self._letter: EmailContent

    def compose(self, delivery: Claimed) -> EmailMessage:
        """Return the e-mail of one delivery; raises CannotComposeError."""
        address_id = self._check(delivery)
        key = (delivery.notification_id, delivery.language)
        if key != self._last:
            self._letter = self._write(*key)
            self._last = key
        if not self._letter.unsubscribe_url:
            return EmailMessage(delivery.id, delivery.recipient, self._letter)
        kind = self._facts[delivery.notification_id].type
        token = unsubscribe_token(address_id, kind, delivery.recipient)
        return EmailMessage(delivery.id, delivery.recipient, self._letter, token)

    def _check(self, delivery: Claimed) -> UUID:
        """Return its address id if that may be sent to: it may be removed, suppressed or unsubscribed by now."""
        facts = self._facts.get(delivery.notification_id)
        if facts is not None and facts.is_recalled:
            raise CannotComposeError(internal_reasons.RECALLED, verdict=SendResult.CANCELLED, cause=RECALLED)
        address_id = delivery.address_id
        standing = self._standings.get(address_id) if address_id else None
        if address_id is None or standing is None:
            raise CannotComposeError(internal_reasons.ADDRESS_REMOVED, verdict=SendResult.REFUSED)
        if standing.unsubscribed_from and self._stops(delivery, standing):
            raise CannotComposeError(internal_reasons.UNSUBSCRIBED, verdict=SendResult.CANCELLED)
        match standing.state:
            case AddressState.ACTIVE:
                return address_id
            case AddressState.FAILING if standing.probe == delivery.id:
                return address_id
            case AddressState.FAILING:
                raise CannotComposeError("", verdict=SendResult.HELD, cause=standing.failure)
            case AddressState.REFUSED:
                if not self._is_required(delivery):
                    raise CannotComposeError("", verdict=SendResult.HELD, cause=standing.failure)
                return address_id
            case AddressState.UNCONFIRMED if standing.failure == AWAITED:
                raise CannotComposeError("", verdict=SendResult.HELD, cause=AWAITED)
            case _:
                raise CannotComposeError(internal_reasons.ADDRESS_NOT_ACTIVE, verdict=SendResult.REFUSED)

    def _stops(self, delivery: Claimed, standing: _Standing) -> bool:
        facts = self._facts.get(delivery.notification_id)
        return facts is not None and facts.type in standing.unsubscribed_from and not self._is_required(delivery)

    def _is_required(self, delivery: Claimed) -> bool:
        facts = self._facts.get(delivery.notification_id)
        return facts is not None and facts.type in TYPES and TYPES[facts.type].required

    def _write(self, notification_id: UUID, language: str) -> EmailContent:
        try:
            written = render_email(self._facts[notification_id], language)
        except Exception as error:  # no error may stop the rest of the batch
            ids = {"notification_id": notification_id}
            logger.exception("Notification %s cannot be written in %s.", notification_id, language, extra=ids)
            raise CannotComposeError(internal_reasons.NOT_WRITTEN, verdict=SendResult.DEFERRED) from error
        return EmailContent(
            written.subject,
            written.text,
            written.html,
            language,
            html_opening=written.html_opening,
            unsubscribe_url=written.unsubscribe_url,
            text_end=written.text_end,
            html_end=written.html_end,
        )


def _standings(address_ids: set[UUID]) -> dict[UUID, _Standing]:
    with connection.cursor() as cursor:
        cursor.execute(_STANDINGS, [list(address_ids)])
        return {pk: _Standing(*rest) for pk, *rest in cursor}
