"""Mail that comes back: whom it is about, why, and whether trying again can help."""

from .bounce import Bounce
from .classification import classify, is_permanent
from .parser import parse

__all__ = ["Bounce", "classify", "is_permanent", "parse"]
