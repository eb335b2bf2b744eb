"""Order feeds of a shop's own cart system, in CSV or JSON; each order becomes one message."""

from .format import CartFormat

__all__ = ["CartFormat"]
