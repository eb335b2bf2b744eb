"""What each seller account chose: reading it, saving it, and what it comes to."""

from .reading import DEFAULTS, Choice, in_plan, laid_over, load, load_all
from .saving import ADDRESSES_PER_TYPE, Change, ConflictError, Saved, Wish, save
from .standing import LineStanding, Standing, line_standing_of, receiving, standing_of

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
