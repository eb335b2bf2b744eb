"""Broadcasts, for operators: write, preview, release, watch, stop, take back."""

from .broadcast import BroadcastAdmin

__all__ = ["BroadcastAdmin"]
