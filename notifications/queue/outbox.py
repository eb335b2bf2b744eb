"""Send mails about settings from outbox rows: confirmation links, notices, test mails.

The database rows say what must be sent; the Celery queue only triggers it. No preference can switch these mails
off. They are few, so they go through Django's own mail interface, each to one recipient.
"""

import logging
import smtplib
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any, TypeVar

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import models, transaction
from django.utils import timezone

from accounts.mail import sender
from accounts.mail.member_messages import MemberMessage
from accounts.models import SellerAccount
from notifications.channels.base import SendResult
from notifications.channels.email.mailbox import UnusableAddressError, mailbox
from notifications.channels.email.return_path import AttemptRef
from notifications.channels.registry import return_path
from notifications.models import Address

logger = logging.getLogger(__name__)

BATCH = 20
RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 180, 360, 720, 1440))
"""Also the lease: a claim postpones the row by the next of these, so a killed worker's row is due again."""

Row = TypeVar("Row", bound=models.Model)
Key = TypeVar("Key")


def claim(rows: models.QuerySet[Row], *, due: str, tries: str) -> list[Row]:
    """Claim up to BATCH due rows, oldest first, and postpone them, so that no other worker takes them.

    `due` and `tries` name the fields of the due time and of the number of attempts.
    """
    now = timezone.now()
    with transaction.atomic():
        taken = list(
            rows.filter(**{f"{due}__lte": now}).order_by(due).select_for_update(of=("self",), skip_locked=True)[:BATCH]
        )
        for row in taken:
            tried: int = getattr(row, tries)
            setattr(row, due, now + RETRY_AFTER[min(tried, len(RETRY_AFTER) - 1)])
            setattr(row, tries, tried + 1)
        if taken:
            rows.model._default_manager.bulk_update(taken, [due, tries])
    return taken


def write(letter: MemberMessage, *, to: str, footer: str) -> EmailMultiAlternatives:
    """Return the mail of a message in the active language; raises UnusableAddressError for an invalid address."""
    return sender.write(letter, to=mailbox(to).address.decode(), footer=footer)


def have_it_come_back(mail: EmailMultiAlternatives, left: AttemptRef) -> None:
    """Set a return path under which bounces are read, if one is configured; `left` names a delivery or address."""
    if (path := return_path()) is not None:
        mail.extra_headers["From"] = mail.from_email
        mail.from_email = path.address(left).decode()


def write_to_member(letter: MemberMessage, account: SellerAccount, *, to: str, footer: str) -> EmailMultiAlternatives:
    """Like `write`, to a member of the shop; bounces count for the address if it is in the shop's address book."""
    mail = write(letter, to=to, footer=footer)
    address = Address.objects.filter(account=account, email__iexact=to).values_list("pk", flat=True).first()
    if address is not None:
        have_it_come_back(mail, AttemptRef(address, timezone.now()))
    return mail


def send(mails: Iterable[tuple[Key, EmailMultiAlternatives]]) -> Iterator[tuple[Key, SendResult, str]]:
    """Send over one SMTP connection; yield for each its key, send result and the server's response."""
    connection = get_connection()
    try:
        for key, message in mails:
            yield key, *_send_one(connection, message)
    finally:
        connection.close()


def send_each(
    rows: Iterable[Row], write_one: Callable[[Row], EmailMultiAlternatives]
) -> Iterator[tuple[Row, SendResult, str]]:
    """Write and send the mail of each row; yields as `send` does. One that cannot be written stops no other."""
    written: list[tuple[Row, EmailMultiAlternatives]] = []
    for row in rows:
        try:
            written.append((row, write_one(row)))
        except UnusableAddressError as error:
            yield row, SendResult.REFUSED, str(error)
        except Exception as error:  # no error may stop the mails of others
            # The error's own text is not logged: it may contain personal data.
            logger.error("%s %s cannot be written: %s.", type(row).__name__, row.pk, type(error).__name__)  # noqa: TRY400
            yield row, SendResult.DEFERRED, ""
    yield from send(written)


def _send_one(connection: Any, message: EmailMultiAlternatives) -> tuple[SendResult, str]:
    try:
        connection.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        return _judge(*next(iter(error.recipients.values())))
    except smtplib.SMTPDataError as error:
        return _judge(error.smtp_code, error.smtp_error)
    except (smtplib.SMTPException, OSError) as error:
        logger.warning("A mail of the settings could not be sent: %s.", type(error).__name__)
        connection.close()
        return SendResult.UNREACHABLE, ""
    return SendResult.ACCEPTED, ""


def _judge(code: int, words: bytes | str) -> tuple[SendResult, str]:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return (SendResult.REFUSED if 500 <= code < 600 else SendResult.DEFERRED), f"{code} {text}"[:300]


def exhausted(tries: int) -> bool:
    """Return whether the last retry is used up."""
    return tries > len(RETRY_AFTER)
