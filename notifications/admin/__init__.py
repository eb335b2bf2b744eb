"""Notifications, for operators."""

from . import deliveries, feedback, line, preferences, sources

__all__ = ["deliveries", "feedback", "line", "preferences", "sources"]
