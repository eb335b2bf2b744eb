"""The one client of this process, for pushes and for the chat: they share its connections and its token."""

from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings

from .config import configured

if TYPE_CHECKING:
    from .client import MessagingClient


@cache
def client() -> "MessagingClient":
    from .client import MessagingClient  # slow import: only workers talk to LINE

    return MessagingClient(configured(), connections=settings.LINE_CONCURRENCY)
