"""Profiles of LINE users, above all their language."""

import logging
from datetime import timedelta

from django.utils import timezone

from ..channels.line.http import LineError
from ..channels.line.login import Person
from ..channels.line.shared_client import client
from ..models import LineUser
from ..recipients.line_account.line_users import remember

logger = logging.getLogger(__name__)

PROFILE_KEPT_FOR = timedelta(days=1)


def known(user_id: str) -> LineUser:
    """Return the LINE user, with a profile at most one day old where LINE provides it."""
    person, _created = LineUser.objects.get_or_create(user_id=user_id)
    if person.profile_at and person.profile_at > timezone.now() - PROFILE_KEPT_FOR:
        return person
    try:
        said = client().profile(user_id)
    except LineError as error:
        logger.info("LINE gave no profile: %s.", error)
        return person
    return remember(
        Person(
            user_id,
            str(said.get("displayName") or ""),
            str(said.get("pictureUrl") or ""),
            str(said.get("language") or ""),
        ),
        whole=True,
    )
