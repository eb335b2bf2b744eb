"""Erase a person or a shop with all data that names them; data of others stays as it is."""

from .person import erase_person, plan_person
from .plan import CannotEraseError, Plan
from .shop import erase_shop, plan_shop

__all__ = ["CannotEraseError", "Plan", "erase_person", "erase_shop", "plan_person", "plan_shop"]
