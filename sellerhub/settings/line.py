"""The two LINE channels, and how many pushes are under way at once."""

from sellerhub.environment import whole_number

from .line_channels import line_channels
from .site import DEVELOPMENT

LINE = line_channels(development=DEVELOPMENT)
"""None: LINE is not offered."""
LINE_CONCURRENCY = whole_number("LINE_CONCURRENCY", default=32)
"""Pushes under way at once, for each worker process."""
