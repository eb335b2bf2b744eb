"""Audit log of operators' actions, shown in the admin site and not to sellers."""

from collections.abc import Mapping
from typing import Any

from accounts.models import OperatorAction, SellerAccount, User


def record(act: str, *, by: User | None, account: SellerAccount | None = None, **detail: Any) -> OperatorAction:
    """Add one entry. `by` is None for a shell command. `detail` must be JSON with IDs and numbers only."""
    return OperatorAction.objects.create(
        act=act, account=account, operator=by, operator_name=by.name if by else "", detail=detail
    )


def record_each(act: str, *, by: User | None, details: Mapping[int, Mapping[str, Any]]) -> None:
    """Add one entry per seller account; `details` maps the accounts' primary keys to their details."""
    OperatorAction.objects.bulk_create(
        OperatorAction(
            act=act, account_id=account_id, operator=by, operator_name=by.name if by else "", detail=dict(detail)
        )
        for account_id, detail in details.items()
    )
