"""The Messaging API client of this process, shared by pushes and the chat, with its connections and token."""

from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings

from .config import configured

if TYPE_CHECKING:
    from .client import MessagingClient


@cache
def client() -> "MessagingClient":
    from .client import MessagingClient  # slow import: only workers call LINE

    return MessagingClient(configured(), connections=settings.LINE_CONCURRENCY)
