"""Settings of the LINE channels, and of concurrent pushes."""

from sellerhub.environment import whole_number

from .line_channels import line_channels
from .site import DEVELOPMENT

LINE = line_channels(development=DEVELOPMENT)
"""None: LINE is not offered."""
LINE_CONCURRENCY = whole_number("LINE_CONCURRENCY", default=32)
"""Concurrent pushes of each worker process."""
