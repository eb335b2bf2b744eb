"""Admin pages of broadcasts: write, preview, release, follow, stop, recall."""

from .broadcast import BroadcastAdmin

__all__ = ["BroadcastAdmin"]
