"""Deauthorize LINE Login consents that have ended, as LINE's terms require, with retries in the background."""

import logging

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.utils import timezone

from accounts.encryption import decrypt
from notifications.channels.line import login
from notifications.channels.line.config import configured
from notifications.channels.line.http import LineError
from notifications.models import Deauthorization, LineLink, LinkAttempt
from notifications.queue import outbox
from notifications.types.enums import AttemptStage, LinkState

logger = logging.getLogger(__name__)

PURPOSE = "sellerhub.notifications.line_refresh_token"


def deauthorize_due() -> int:
    """Send due deauthorizations to LINE, up to one outbox batch; returns how many were attempted.

    LINE has one consent for each user, whatever the number of accounts: it stays while any account is linked.
    """
    if settings.LINE is None:
        return 0
    claimed = outbox.claim(Deauthorization.objects.all(), due="due_at", tries="tries")
    for row in claimed:
        if _is_being_renewed(row):
            continue
        if _is_needed(row) or _told(row):
            row.delete()
        elif outbox.exhausted(row.tries):
            logger.error("LINE could not be told of an ended consent; deauthorization %s is dropped.", row.pk)
            row.delete()
    return len(claimed)


def _is_needed(row: Deauthorization) -> bool:
    """Return whether another seller account is linked by the same consent."""
    links = LineLink.objects.filter(line_user_id=row.line_user_id).exclude(state=LinkState.ENDED)
    return links.filter(refresh_token__gt="").exists()


def _is_being_renewed(row: Deauthorization) -> bool:
    """Return whether the user has just consented at LINE again: deauthorizing now would end that, too."""
    return LinkAttempt.objects.filter(
        line_user_id=row.line_user_id, stage=AttemptStage.IDENTIFIED, expires_at__gt=timezone.now()
    ).exists()


def _told(row: Deauthorization) -> bool:
    try:
        login.deauthorize(configured(), decrypt(row.refresh_token, purpose=PURPOSE))
    except InvalidToken:
        logger.error("Deauthorization %s was sealed with a key that is gone; it is dropped.", row.pk)  # noqa: TRY400
        return True
    except LineError as error:
        logger.warning("LINE was not told of an ended consent, it will be tried again: %s.", error)
        return False
    return True
