"""Claim due deliveries in batches, send them by their channel and record the results.

A claim expires by itself, so the deliveries of a worker that dies become due again.
"""

from .worker import run

__all__ = ["run"]
