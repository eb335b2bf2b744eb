"""Payloads of return requests and claims."""

from enum import StrEnum
from typing import Any

from .base import Deadline, Id, Payload, Words
from .money import Amount, Currency, check_money
from .orders import Items, order_references


class ReturnRequested(Payload):
    order_id: Id
    items: Items
    reason: Words | None = None
    respond_by: Deadline | None = None

    def references(self) -> tuple[str, ...]:
        return order_references(self.order_id, self.items)


class ClaimKind(StrEnum):
    GUARANTEE = "guarantee"
    CHARGEBACK = "chargeback"


class ClaimOpened(Payload):
    order_id: Id
    claim_id: Id
    amount: Amount
    currency: Currency = "JPY"
    kind: ClaimKind
    respond_by: Deadline

    def model_post_init(self, context: Any, /) -> None:
        check_money(self.amount, self.currency)

    def references(self) -> tuple[str, ...]:
        return (self.order_id, self.claim_id)
