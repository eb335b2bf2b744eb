"""Claim a batch, send it, settle it. Whatever happens to a worker, its deliveries come due again."""

from .worker import run

__all__ = ["run"]
