"""Log formatters that write IDs, but never an e-mail address, a body or a token."""

from .formatters import DiscreetFormatter, JsonFormatter

__all__ = ["DiscreetFormatter", "JsonFormatter"]
