"""Mail that came back: stored before anything is done, then read, each until it is done.

The return path says which delivery and address it is about, whatever the mail itself says. Reading one may happen
twice, after a crash: what it says has the same key then and changes nothing.
"""

import hashlib
import logging
import re
import time
import traceback
from collections.abc import Iterable, Sequence
from datetime import timedelta
from email.parser import BytesHeaderParser
from uuid import UUID

from billiard.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from notifications.address_health.actions import assess_due
from notifications.address_health.assessment import SAME_TRY
from notifications.channels.email.bounces import Bounce, parse
from notifications.channels.email.mime import STOP_SUBJECT
from notifications.channels.email.return_path import AttemptRef
from notifications.models import Address, Delivery, MailReport, ReturnedMail
from notifications.queue import counters
from notifications.queue.counters import Count, Name
from notifications.recipients import email_addresses
from notifications.types.enums import BounceKind

logger = logging.getLogger(__name__)

WAY = "mailbox"
STORED_BYTES = 256 * 1024
"""Of each mail: what it says of ours stands at its head, the rest is our own mail quoted."""
MAX_PER_DELIVERY = 20
"""Whoever gets a mail of ours knows its return path, and must not fill the disk by it."""
BATCH = 10
LEASE = timedelta(minutes=5)
MAX_TRIES = 5
KEPT_FOR = timedelta(days=30)
MAX_PURGED = 5_000

UNREAD, UNKNOWN_DELIVERY, ERROR, UNSUBSCRIBED = "unread", "unknown delivery", "error", "unsubscribed"
"""Outcomes besides the kinds of news that were found."""

_HEAD_BYTES = 64 * 1024
_CODE = re.compile(r"\s*(?:smtp;\s*)?([45]\d\d)\b", re.IGNORECASE)


def store(left: AttemptRef, raw: bytes) -> bool:
    """Keep a mail that came to the return path of this try; committed when this returns.

    The same mail again is kept once. False when enough is kept about that delivery already.
    """
    digest = hashlib.sha256(raw).hexdigest()
    kept = ReturnedMail.objects.filter(delivery_id=left.delivery_id).values_list("digest", flat=True)
    known = list(kept[: MAX_PER_DELIVERY + 1])
    if digest in known:
        return True
    if len(known) >= MAX_PER_DELIVERY:
        ids = {"delivery_id": left.delivery_id}
        logger.warning("Enough has come back about delivery %s.", left.delivery_id, extra=ids)
        return False
    content = {"sent_at": left.at, "raw": raw[:STORED_BYTES]}
    with transaction.atomic(durable=True):
        _row, is_new = ReturnedMail.objects.get_or_create(delivery_id=left.delivery_id, digest=digest, defaults=content)
        counters.write({Count(Name.WEBHOOK, label=WAY): int(is_new)})
    return True


def read_due(*, max_seconds: float = 10.0) -> bool:
    """Read what is due, oldest first, and judge the addresses it is about. Returns whether there may be more."""
    end = time.monotonic() + max_seconds
    while mails := _claim():
        begun = 0
        while begun < len(mails) and (begun == 0 or time.monotonic() < end):
            _read(mails[begun])
            begun += 1
        _release(mails[begun:])
        _judge_all()
        if time.monotonic() >= end:
            return True
    return False


def _judge_all() -> None:
    while assess_due():
        pass


def purge_returned() -> int:
    """Delete mail that was read long ago, a bounded number; what was learnt from it stays."""
    old = ReturnedMail.objects.filter(due_at=None, received_at__lt=timezone.now() - KEPT_FOR)
    deleted, _rows = ReturnedMail.objects.filter(pk__in=old.order_by("received_at").values("pk")[:MAX_PURGED]).delete()
    return deleted


@transaction.atomic
def _claim() -> list[ReturnedMail]:
    """Take some that are due. The try counts from here on: a mail that kills its worker is given up, too."""
    now = timezone.now()
    due = ReturnedMail.objects.filter(due_at__lte=now)
    due.filter(tries__gte=MAX_TRIES).update(due_at=None, outcome=ERROR)
    claimable = due.order_by("due_at").select_for_update(skip_locked=True)
    # What was tried before goes alone: it may have killed the worker that had it together with others.
    mails = list(claimable.filter(tries=0)[:BATCH]) or list(claimable[:1])
    ReturnedMail.objects.filter(pk__in=[mail.pk for mail in mails]).update(due_at=now + LEASE, tries=F("tries") + 1)
    for mail in mails:
        mail.tries += 1
    return mails


def _release(mails: Sequence[ReturnedMail]) -> None:
    """Give back what was not begun."""
    ReturnedMail.objects.filter(pk__in=[mail.pk for mail in mails]).update(due_at=timezone.now(), tries=F("tries") - 1)


def _read(mail: ReturnedMail) -> None:
    try:
        with transaction.atomic():
            mail.outcome = _report(mail)
            mail.due_at = None
            mail.save(update_fields=["outcome", "due_at"])
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # whatever it is, it must not stop the mails about others
        where = traceback.extract_tb(error.__traceback__)[-1]
        # Not the error's own words: they may quote the mail.
        logger.error(  # noqa: TRY400
            "Returned mail %s cannot be read: %s in %s.", mail.pk, type(error).__name__, where.name
        )
        given_up = {"due_at": None} if mail.tries >= MAX_TRIES else {}
        ReturnedMail.objects.filter(pk=mail.pk).update(outcome=ERROR, **given_up)


def _report(mail: ReturnedMail) -> str:
    """Write down what the mail says; returns the outcome."""
    delivery = Delivery.objects.filter(pk=mail.delivery_id).first()
    # Mails of the settings name no delivery but their address.
    address = None if delivery else Address.objects.filter(pk=mail.delivery_id).first()
    if delivery is None and address is None:
        return UNKNOWN_DELIVERY
    bounces = _one_of_each_kind(parse(bytes(mail.raw)))
    address_id = _address_of(delivery, mail) if delivery else mail.delivery_id
    if delivery and address_id is not None and not bounces and asks_to_stop(bytes(mail.raw)):
        return _stop(delivery, address_id)
    for bounce in bounces:
        if address and _is_final(bounce):
            email_addresses.came_back(address, sent_at=mail.sent_at, words=_storable(bounce.text, 300))
    MailReport.objects.bulk_create(
        [
            MailReport(
                key=f"{WAY}:{mail.pk}:{bounce.kind}",
                way=WAY,
                kind=bounce.kind,
                delivery=delivery,
                address_id=address_id,
                recipient=_storable(bounce.recipient, 254),
                sent_at=mail.sent_at,
                received_at=mail.received_at,
                permanent=_is_final(bounce),
                reason=_storable(bounce.reason, 24),
                code=_code(bounce.text),
                status=_storable(bounce.status, 12),
                text=_storable(bounce.text, 500),
            )
            for bounce in bounces
        ],
        ignore_conflicts=True,
    )
    return ", ".join(bounce.kind for bounce in bounces)[:40] or UNREAD


def asks_to_stop(raw: bytes) -> bool:
    """Whether it is the mail of somebody who followed the `mailto` of List-Unsubscribe (RFC 2369, 3.2)."""
    head = BytesHeaderParser().parsebytes(raw[:_HEAD_BYTES])
    automatic = str(head.get("Auto-Submitted", "no")).strip().lower()
    return automatic == "no" and str(head.get("Subject", "")).strip().lower() == STOP_SUBJECT


def _stop(delivery: Delivery, address_id: UUID) -> str:
    address = Address.objects.select_related("account").filter(pk=address_id).first()
    kind = delivery.notification.type
    if address is None or kind not in email_addresses.OPTIONAL_TYPES:
        return UNREAD
    email_addresses.unsubscribe(address, [kind])
    return UNSUBSCRIBED


def _one_of_each_kind(bounces: Iterable[Bounce]) -> list[Bounce]:
    """One mail of ours has one recipient: of several news of a kind the final one counts."""
    found: dict[BounceKind, Bounce] = {}
    for bounce in sorted(bounces, key=_is_final, reverse=True):
        found.setdefault(bounce.kind, bounce)
    return list(found.values())


def _is_final(bounce: Bounce) -> bool:
    return bounce.kind == BounceKind.BOUNCE and bounce.permanent


def _address_of(delivery: Delivery, mail: ReturnedMail) -> UUID | None:
    """The address that this try went to: what was held may have been given another one since."""
    of_this_try = MailReport.objects.filter(
        delivery=delivery, sent_at__range=(mail.sent_at, mail.sent_at + SAME_TRY), address__isnull=False
    )
    return of_this_try.order_by("sent_at").values_list("address_id", flat=True).first() or delivery.address_id


def _code(text: str) -> int | None:
    found = _CODE.match(text)
    return int(found[1]) if found else None


def _storable(text: str, max_length: int) -> str:
    """The database takes no NUL and no half characters."""
    return text.replace("\0", "").encode(errors="replace").decode()[:max_length]
