from .activity import HistoryEntry
from .invitation import Invitation
from .operator_activity import OperatorAction
from .seller import MarketplaceRegion, Membership, Plan, SellerAccount
from .user import User

__all__ = [
    "HistoryEntry",
    "Invitation",
    "MarketplaceRegion",
    "Membership",
    "OperatorAction",
    "Plan",
    "SellerAccount",
    "User",
]
