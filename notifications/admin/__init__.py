"""Admin pages of the notifications app, for operators."""

from . import broadcasts
from .deliveries import delivery, mail_events, notification, recalls
from .line import line
from .sellers import addresses, emergency, preferences, seller
from .sources import messages, source

__all__ = [
    "addresses",
    "broadcasts",
    "delivery",
    "emergency",
    "line",
    "mail_events",
    "messages",
    "notification",
    "preferences",
    "recalls",
    "seller",
    "source",
]
