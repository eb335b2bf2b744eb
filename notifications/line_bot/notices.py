"""Outbox of messages to LINE users about a link: each row is one message, and its id the retry key."""

import logging
from datetime import timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.utils import timezone

from .. import address_health
from ..channels.base import SendResult
from ..channels.line.messages import LineMessage
from ..channels.line.responses import outcome
from ..channels.line.shared_client import client
from ..models import LineLink, LineNotice
from ..queue import channel_pause, outbox
from ..types.enums import Channel
from . import replies
from .profiles import known
from .replies import Words

logger = logging.getLogger(__name__)

GIVE_UP_AFTER = timedelta(hours=23)
"""LINE forgets a retry key after 24 hours."""


def enqueue_test(link: LineLink) -> None:
    """Enqueue a test message to the linked LINE user."""
    LineNotice.objects.create(
        kind=LineNotice.Kind.TEST,
        line_user_id=link.line_user_id,
        link=link,
        shop=link.account.name,
        shop_language=link.account.language,
    )


def send_due_notices() -> int:
    """Send due notices, a bounded number; returns how many were attempted."""
    if settings.LINE is None or channel_pause.time_left(Channel.LINE) is not None:
        return 0
    rows = LineNotice.objects.select_related("line_user", "link__account")
    claimed = outbox.claim(rows, due="due_at", tries="tries")
    for notice in claimed:
        if _is_in_doubt_for_too_long(notice) or _is_settled(notice):
            notice.delete()
    return len(claimed)


def _is_in_doubt_for_too_long(notice: LineNotice) -> bool:
    """Return whether LINE may have accepted an earlier attempt whose retry key it forgets: it could arrive twice."""
    return notice.tries > 1 and notice.created_at < timezone.now() - GIVE_UP_AFTER


def _is_settled(notice: LineNotice) -> bool:
    words = _words(notice)
    if words is None:
        return True
    answer = client().push(notice.line_user_id, words.alt_text, words.contents, retry_key=notice.pk)
    message = LineMessage(notice.pk, notice.line_user_id, words.alt_text, words.contents)
    used_up = answer.status == 429 and client().is_quota_used_up()
    made = outcome(message, answer, quota_used_up=used_up, now=timezone.now())
    if made.pause_request is not None:
        channel_pause.begin(Channel.LINE, made.pause_request)
    if made.verdict is SendResult.REFUSED:
        logger.error("LINE refused notice %s: %s", notice.pk, made.detail)
    return made.verdict in (SendResult.ACCEPTED, SendResult.REFUSED)


def _words(notice: LineNotice) -> Words | None:
    language = replies.language_of(known(notice.line_user_id), notice.shop_language)
    if notice.kind == LineNotice.Kind.ENDED:
        return replies.ended(notice.shop, notice.reason, notice.by_name, language)
    if notice.link is None:
        return None
    if notice.kind == LineNotice.Kind.EMAIL_FAILS:
        failing = address_health.suppressed_addresses(notice.link.account)
        return replies.email_fails(notice.link, notice.shop, failing, language) if failing else None
    say = replies.linked if notice.kind == LineNotice.Kind.LINKED else replies.test
    return say(notice.link, notice.shop, language)


def retry_key(event_id: str) -> UUID:
    """Return the retry key of an event, the same each time, so that processing it twice sends one message."""
    return uuid5(NAMESPACE_URL, f"line-event:{event_id}")
