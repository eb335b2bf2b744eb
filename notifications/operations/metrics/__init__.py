"""What monitoring is told: numbers of the whole site, from the database, so that all processes tell one truth."""

from .domains import note_domains
from .page import CONTENT_TYPE, page
from .queue import oldest_due

__all__ = ["CONTENT_TYPE", "note_domains", "oldest_due", "page"]
