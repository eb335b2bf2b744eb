"""Compose LINE messages for a batch, after checking again that each may still be sent."""

import logging
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from accounts.roles import Role

from ...channels import internal_reasons
from ...channels.base import SendResult
from ...channels.line.messages import LineMessage
from ...types.definitions import TYPES
from ...types.enums import RECALLED, LinkState
from ..claims import Claimed
from ..rendering import NotificationFacts, render_bubble
from .batch_facts import CannotComposeError, load_facts

logger = logging.getLogger(__name__)

FRESH_SECONDS = 1.0
KEY_LIFETIME = timedelta(hours=23)
"""LINE keeps a retry key for 24 hours (Messaging API docs, retrying-api-request); one hour is our margin."""

# What may have changed since the message was queued: the link, its owner's role, the preference, a recall.
# Only attempts that LINE may have accepted count: a refused message did not arrive, and operators may send it
# again at any time.
_STANDINGS = """
SELECT delivery.id, link.state, preference.line, owner.id IS NOT NULL, notification.recall_id IS NOT NULL,
       (SELECT statement_timestamp() - min(attempt.at) FROM notifications_attempt AS attempt
        WHERE attempt.delivery_id = delivery.id AND NOT attempt.permanent)
FROM notifications_delivery AS delivery
JOIN notifications_notification AS notification ON notification.id = delivery.notification_id
LEFT JOIN notifications_linelink AS link ON link.id = delivery.link_id
LEFT JOIN accounts_user AS person ON person.id = link.linked_by_id AND person.is_active
LEFT JOIN accounts_membership AS owner
    ON owner.account_id = link.account_id AND owner.user_id = person.id AND owner.role = %s
LEFT JOIN notifications_preference AS preference
    ON preference.account_id = notification.account_id AND preference.type = notification.type
WHERE delivery.id = ANY(%s)
"""


class _Standing(NamedTuple):
    link_state: str | None
    chosen: bool | None
    """The preference; None when nobody set one, so the catalogue's default holds."""
    owner_is_primary: bool
    is_recalled: bool
    since_first_try: timedelta | None


class BubbleComposer:
    """Composes the LINE bubbles of one batch; see `Composer`."""

    def __init__(self, deliveries: Sequence[Claimed]) -> None:
        self._facts = load_facts({delivery.notification_id for delivery in deliveries})
        self._ids = [delivery.id for delivery in deliveries]
        self._read_standings()

    def compose(self, delivery: Claimed) -> LineMessage:
        """Return the LINE message of one delivery; raises CannotComposeError."""
        if time.monotonic() >= self._stale_at:
            self._read_standings()
        facts = self._facts.get(delivery.notification_id)
        standing = self._standings.get(delivery.id)
        if facts is None or standing is None or facts.type not in TYPES:
            raise CannotComposeError(internal_reasons.NOT_WRITTEN, verdict=SendResult.REFUSED)
        if standing.is_recalled:
            raise CannotComposeError(internal_reasons.RECALLED, verdict=SendResult.CANCELLED, cause=RECALLED)
        if why := _why_not(standing, facts, delivery):
            raise CannotComposeError(why, verdict=SendResult.CANCELLED)
        if _in_doubt_for(standing, delivery) > KEY_LIFETIME:
            raise CannotComposeError(internal_reasons.LINE_IN_DOUBT, verdict=SendResult.REFUSED)
        try:
            alt_text, contents = render_bubble(facts, delivery.language)
        except Exception as error:  # no error may stop the rest of the batch
            ids = {"notification_id": delivery.notification_id, "delivery_id": delivery.id}
            logger.exception("Notification %s cannot be written for LINE.", delivery.notification_id, extra=ids)
            raise CannotComposeError(internal_reasons.NOT_WRITTEN, verdict=SendResult.DEFERRED) from error
        return LineMessage(delivery.id, delivery.recipient, alt_text, contents)

    def _read_standings(self) -> None:
        """Read the current states again, each second: with a slow LINE a batch takes minutes, and users unlink."""
        self._standings = _standings(self._ids)
        self._stale_at = time.monotonic() + FRESH_SECONDS


def _why_not(standing: _Standing, facts: NotificationFacts, delivery: Claimed) -> str:
    """Return why it must not be sent any more; empty when it may."""
    if standing.link_state == LinkState.BLOCKED:
        return internal_reasons.LINK_BLOCKED
    if standing.link_state != LinkState.LIVE or not standing.owner_is_primary:
        return internal_reasons.LINK_ENDED
    kind = TYPES[facts.type]
    if not (kind.line if standing.chosen is None else standing.chosen):
        return internal_reasons.LINE_SWITCHED_OFF
    return ""


def _in_doubt_for(standing: _Standing, delivery: Claimed) -> timedelta:
    """Return how long ago LINE may first have accepted the message without our recording it."""
    return max(standing.since_first_try or timedelta(), delivery.left_by_another or timedelta())


def _standings(delivery_ids: list[UUID]) -> dict[UUID, _Standing]:
    with connection.cursor() as cursor:
        cursor.execute(_STANDINGS, [Role.PRIMARY, delivery_ids])
        return {pk: _Standing(*rest) for pk, *rest in cursor}
