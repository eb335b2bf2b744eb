"""What each seller account chose: reading it, saving it, and what it comes to."""

from .changes import ADDRESSES_PER_TYPE, Change, ConflictError, Saved, Wish, save
from .loading import DEFAULTS, Choice, in_plan, laid_over, load, load_all
from .status import LineStanding, Standing, line_standing_of, receiving, standing_of

__all__ = [
    "ADDRESSES_PER_TYPE",
    "DEFAULTS",
    "Change",
    "Choice",
    "ConflictError",
    "LineStanding",
    "Saved",
    "Standing",
    "Wish",
    "in_plan",
    "laid_over",
    "line_standing_of",
    "load",
    "load_all",
    "receiving",
    "save",
    "standing_of",
]
