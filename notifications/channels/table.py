"""The explicit table of channels; each is opened once in a worker process, when it is first needed."""

from collections.abc import Callable
from functools import cache

from django.conf import settings

from ..enums import Channel
from .email.channel import EmailChannel
from .email.server import Server


def _email() -> EmailChannel:
    return EmailChannel(
        Server.from_url(settings.EMAIL_URL),
        sender=settings.DEFAULT_FROM_EMAIL,
        connections=settings.EMAIL_CONNECTIONS,
        timeout=settings.DELIVERY_TIMEOUT,
    )


CHANNELS: dict[Channel, Callable[[], EmailChannel]] = {Channel.EMAIL: cache(_email)}
