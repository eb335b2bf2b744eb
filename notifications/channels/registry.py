"""The table of channels; each is created once per worker process, on first use."""

from collections.abc import Callable
from email.utils import parseaddr
from functools import cache
from typing import Any

from django.conf import settings

from ..types.enums import Channel as Road
from .base import Channel
from .email.channel import EmailChannel
from .email.providers.delivery_ids import Naming
from .email.return_path import ReturnPath
from .email.smtp.server import Server
from .line import shared_client
from .line.channel import LineChannel


def _email() -> EmailChannel:
    return EmailChannel(
        Server.from_url(settings.EMAIL_URL),
        sender=settings.DEFAULT_FROM_EMAIL,
        connections=settings.EMAIL_CONNECTIONS,
        timeout=settings.DELIVERY_TIMEOUT,
        return_path=return_path(),
        relay_is_postmark="postmark" in settings.MAIL_PROVIDERS.providers,
    )


def return_path() -> ReturnPath | None:
    """Return the return path of our mail; None where no bounce domain is set."""
    if not settings.BOUNCE_DOMAIN:
        return None
    return ReturnPath(settings.BOUNCE_DOMAIN, secret=settings.SECRET_KEY, former_secrets=settings.SECRET_KEY_FALLBACKS)


def naming() -> Naming:
    """Return the reader of delivery ids in returned mail and provider events."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return Naming(return_path(), domain=domain)


def _line() -> LineChannel:
    return LineChannel(shared_client.client(), concurrency=settings.LINE_CONCURRENCY)


CHANNELS: dict[Road, Callable[[], Channel[Any]]] = {Road.EMAIL: cache(_email), Road.LINE: cache(_line)}
