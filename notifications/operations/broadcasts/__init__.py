"""Broadcasts from operators to many shops: draft, preview, release, send in chunks, stop, recall."""

from .worker import work_off_due

__all__ = ["work_off_due"]
