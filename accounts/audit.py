"""Write down what an operator did; operators read it in the admin site, sellers do not."""

from typing import Any

from .models import OperatorAct, SellerAccount, User


def record(act: str, *, by: User | None, account: SellerAccount | None = None, **detail: Any) -> OperatorAct:
    """Add one act. `by`: None for a command of the shell. `detail` must be JSON, with ids and numbers only."""
    return OperatorAct.objects.create(
        act=act, account=account, operator=by, operator_name=by.name if by else "", detail=detail
    )
