"""Write down what an operator did; operators read it in the admin site, sellers do not."""

from collections.abc import Mapping
from typing import Any

from accounts.models import OperatorAction, SellerAccount, User


def record(act: str, *, by: User | None, account: SellerAccount | None = None, **detail: Any) -> OperatorAction:
    """Add one act. `by`: None for a command of the shell. `detail` must be JSON, with ids and numbers only."""
    return OperatorAction.objects.create(
        act=act, account=account, operator=by, operator_name=by.name if by else "", detail=detail
    )


def record_each(act: str, *, by: User | None, details: Mapping[int, Mapping[str, Any]]) -> None:
    """Add the act once for each seller account, by its primary key, with the detail that is the account's own."""
    OperatorAction.objects.bulk_create(
        OperatorAction(
            act=act, account_id=account_id, operator=by, operator_name=by.name if by else "", detail=dict(detail)
        )
        for account_id, detail in details.items()
    )
