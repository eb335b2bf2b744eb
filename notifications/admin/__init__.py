"""Notifications, for operators."""

from . import deliveries, preferences, sources

__all__ = ["deliveries", "preferences", "sources"]
