"""Prometheus metrics of the whole site, read from the database, so that all processes report the same numbers."""

from .domains import note_domains
from .page import CONTENT_TYPE, page
from .queue import oldest_due

__all__ = ["CONTENT_TYPE", "note_domains", "oldest_due", "page"]
