"""Orders of a shop's own cart system: a feed in CSV or JSON, each order a message of its own."""

from .format import CartFormat

__all__ = ["CartFormat"]
