"""Whether this process answers, whether it can do its work, and what it can tell of the whole site."""

from .pages import healthz, metrics, readyz

__all__ = ["healthz", "metrics", "readyz"]
