"""Notifications, for operators."""

from . import deliveries, line, preferences, sources

__all__ = ["deliveries", "line", "preferences", "sources"]
