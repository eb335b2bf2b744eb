"""Health checks and metrics: /healthz, /readyz and /metrics."""

from .pages import healthz, metrics, readyz

__all__ = ["healthz", "metrics", "readyz"]
