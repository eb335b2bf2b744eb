"""Write down who did what; the members of the account can read it."""

from typing import Any

from .models import HistoryEntry, SellerAccount, User


def record(account: SellerAccount, action: str, *, by: User | None, **detail: Any) -> HistoryEntry:
    """Add one entry. `detail` must be JSON; keep out what another member may not see."""
    return HistoryEntry.objects.create(
        account=account, action=action, actor=by, actor_name=by.name if by else "", detail=detail
    )
