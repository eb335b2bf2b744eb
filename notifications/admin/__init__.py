"""Notifications, for operators."""

from . import (
    addresses,
    choices,
    deliveries,
    emergency,
    feedback,
    line,
    messages,
    notifications,
    sellers,
    sources,
)

__all__ = [
    "addresses",
    "choices",
    "deliveries",
    "emergency",
    "feedback",
    "line",
    "messages",
    "notifications",
    "sellers",
    "sources",
]
