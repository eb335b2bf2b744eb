"""Notifications, for operators."""

from . import (
    addresses,
    broadcasts,
    choices,
    deliveries,
    emergency,
    feedback,
    line,
    messages,
    notifications,
    recalls,
    sellers,
    sources,
)

__all__ = [
    "addresses",
    "broadcasts",
    "choices",
    "deliveries",
    "emergency",
    "feedback",
    "line",
    "messages",
    "notifications",
    "recalls",
    "sellers",
    "sources",
]
