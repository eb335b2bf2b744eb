"""Mail that comes back: whom it is about, why, and whether trying again can help."""

from .bounce import Bounce
from .classifying import classify, is_permanent
from .reading import parse

__all__ = ["Bounce", "classify", "is_permanent", "parse"]
