"""The log: ids of what happened, never an address, a body or a token."""

from .formatters import DiscreetFormatter, JsonFormatter

__all__ = ["DiscreetFormatter", "JsonFormatter"]
