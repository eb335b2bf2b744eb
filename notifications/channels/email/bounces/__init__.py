"""Parsing of returned mail: which recipient it concerns, the reason, and whether the failure is permanent."""

from .bounce import Bounce
from .classification import classify, is_permanent
from .parser import parse

__all__ = ["Bounce", "classify", "is_permanent", "parse"]
