"""Notifications, for operators."""

from . import broadcasts, deliveries, feedback, line, preferences, recalls, sources

__all__ = ["broadcasts", "deliveries", "feedback", "line", "preferences", "recalls", "sources"]
