"""Load and save the notification preferences of seller accounts, and derive the status that pages show."""

from .changes import ADDRESSES_PER_TYPE, Change, ConflictError, PreferenceInput, Saved, save
from .loading import DEFAULTS, EffectivePreference, in_plan, laid_over, load, load_all
from .status import LinePreferenceStatus, PreferenceStatus, line_preference_status, preference_status, receiving

__all__ = [
    "ADDRESSES_PER_TYPE",
    "DEFAULTS",
    "Change",
    "ConflictError",
    "EffectivePreference",
    "LinePreferenceStatus",
    "PreferenceInput",
    "PreferenceStatus",
    "Saved",
    "in_plan",
    "laid_over",
    "line_preference_status",
    "load",
    "load_all",
    "preference_status",
    "receiving",
    "save",
]
