"""Tell LINE that somebody's consent ended, as its terms ask; in the background, until LINE took it."""

import logging

from cryptography.fernet import InvalidToken
from django.conf import settings

from accounts.sealing import unseal

from .. import owed_mail
from ..channels.line import login
from ..channels.line.server import configured
from ..channels.line.wire import LineError
from ..enums import LinkState
from ..models import Deauthorization, LineLink

logger = logging.getLogger(__name__)

PURPOSE = "sellerhub.notifications.line_refresh_token"


def deauthorize_due() -> int:
    """Tell LINE of those that are due, a bounded number of them; returns how many were tried.

    LINE knows one consent for each person, whichever shops it served: while one shop is linked, it stays.
    """
    if settings.LINE is None:
        return 0
    claimed = owed_mail.claim(Deauthorization.objects.all(), due="due_at", tries="tries")
    for row in claimed:
        links = LineLink.objects.filter(line_user_id=row.line_user_id).exclude(state=LinkState.ENDED)
        if links.filter(refresh_token__gt="").exists() or _told(row) or owed_mail.exhausted(row.tries):
            row.delete()
    return len(claimed)


def _told(row: Deauthorization) -> bool:
    try:
        login.deauthorize(configured(), unseal(row.refresh_token, purpose=PURPOSE))
    except InvalidToken:
        logger.error("Deauthorization %s was sealed with a key that is gone; it is dropped.", row.pk)  # noqa: TRY400
        return True
    except LineError as error:
        logger.warning("LINE was not told of an ended consent, it will be tried again: %s.", error)
        return False
    return True
