"""A channel that stands still as a whole: nothing of it is sent, nothing counts as tried, nothing is lost."""

import logging
from datetime import timedelta

from django.core.mail import mail_admins
from django.db import connection
from django.utils import timezone, translation

from notifications.channels.base import PauseRequest
from notifications.models import ChannelPause
from notifications.types.enums import Channel, DeliveryStatus

logger = logging.getLogger(__name__)

LOOK_AGAIN = timedelta(hours=1)
"""Without a known end the deliveries come back after this, to find whether the pause is over."""

# Those that nobody has claimed; the claimed ones are put off by the worker that has them.
_DUE_NOW = """
UPDATE notifications_delivery SET due_at = statement_timestamp()
WHERE channel = %s AND status = %s AND lease IS NULL AND due_at > statement_timestamp()
"""


def current(channel: Channel) -> ChannelPause | None:
    """The pause that holds now."""
    pause = ChannelPause.objects.filter(channel=channel).first()
    if pause is not None and pause.until is not None and pause.until <= timezone.now():
        return None
    return pause


def time_left(channel: Channel) -> timedelta | None:
    """For how long deliveries are to be put off; None when the channel is not paused."""
    pause = current(channel)
    if pause is None:
        return None
    return LOOK_AGAIN if pause.until is None else pause.until - timezone.now()


def begin(channel: Channel, pause_request: PauseRequest) -> None:
    """Have the channel stand still, and tell the operators the first time."""
    before = current(channel)
    ChannelPause.objects.update_or_create(
        channel=channel,
        defaults={
            "reason": pause_request.reason,
            "detail": pause_request.detail[:500],
            "until": pause_request.until,
            "since": before.since if before else timezone.now(),
        },
    )
    if before is None or before.reason != pause_request.reason:
        logger.error("The channel %s is paused: %s. %s", channel, pause_request.reason, pause_request.detail)
        _tell_operators(channel, pause_request)


def end(channel: Channel) -> bool:
    """Let the channel send again at once; false when it was not paused."""
    deleted, _rows = ChannelPause.objects.filter(channel=channel).delete()
    if not deleted:
        return False
    with connection.cursor() as cursor:
        cursor.execute(_DUE_NOW, [channel, DeliveryStatus.QUEUED])
    logger.warning("The channel %s sends again.", channel)
    return True


def _tell_operators(channel: Channel, pause_request: PauseRequest) -> None:
    with translation.override("en"):
        until = f"until {pause_request.until:%Y-%m-%d %H:%M %Z}" if pause_request.until else "until it works again"
        text = (
            f"Nothing is sent by {channel.label} {until}. {pause_request.reason.label}\n\n"
            f"The provider said: {pause_request.detail or '(nothing)'}\n\n"
            "Deliveries wait and are not lost; e-mail goes on. Mend the cause, then run:"
            " manage.py line_setup\n"
        )
    try:
        mail_admins(f"{channel.label} is paused", text)
    except OSError as error:  # smtplib's errors are such
        logger.error("The operators could not be told by mail: %s.", type(error).__name__)  # noqa: TRY400
