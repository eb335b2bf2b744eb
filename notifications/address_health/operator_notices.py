"""Mail the operators when a provider refuses our mail, which is often the sender's fault."""

import logging

from django.core.cache import cache
from django.core.mail import mail_admins
from django.db import transaction
from redis.exceptions import RedisError

from ..models import Address

logger = logging.getLogger(__name__)

ONCE_IN_SECONDS = 24 * 60 * 60
"""Between two notices about one domain."""


def tell(address: Address, answer: str) -> None:
    """Mail the operators after the commit, once a day for each domain; `answer`: the provider's response."""
    domain = address.email.rpartition("@")[2].lower()
    logger.error("Mail to %s is refused; address %s rests.", domain, address.pk)
    transaction.on_commit(lambda: _mail(domain, answer), robust=True)


def _mail(domain: str, answer: str) -> None:
    try:
        if not cache.add(f"notifications.refused_by.{domain}", 1, timeout=ONCE_IN_SECONDS):
            return
        mail_admins(
            f"Mail to {domain} is refused",
            f"A mail server of {domain} refused our mail three times within seven days,"
            " with no success between.\n\n"
            f"It said: {answer or '(nothing)'}\n\n"
            "Look at the sender's reputation, at SPF, DKIM and DMARC, and at block lists. What is for the address"
            " is held and not lost. The reports stand in the admin under “reports about mail”.\n",
        )
    except (OSError, RedisError) as error:  # smtplib's errors are OSErrors
        logger.error("The operators could not be told by mail: %s.", type(error).__name__)  # noqa: TRY400
