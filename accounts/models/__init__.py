from .history import HistoryEntry
from .invitation import Invitation
from .seller import Membership, Plan, SellerAccount
from .user import User

__all__ = ["HistoryEntry", "Invitation", "Membership", "Plan", "SellerAccount", "User"]
