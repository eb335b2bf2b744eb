"""What puts payouts, listings or the account at risk."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from ..enums import Reason
from .base import Deadline, DeadlineOrWords, Payload, Percent, Period, Sku, Title, Words
from .money import Amount, Currency, check_money

LATE_SHIPMENT_LIMIT = Decimal(4)
"""Percent; exactly this much still meets the requirement."""
VALID_TRACKING_LIMIT = Decimal(95)
"""Percent; exactly this much still meets the requirement."""
LINE_SALES_THRESHOLD = Decimal(300)
"""US dollars of sales in 28 days; LINE speaks from exactly this much."""

Policies = Annotated[tuple[Title, ...], Field(max_length=20)]


class DisbursementFailed(Payload):
    amount: Amount
    currency: Currency
    why: Words

    def model_post_init(self, context: Any, /) -> None:
        check_money(self.amount, self.currency)


class LateShipmentRate(Payload):
    rate: Percent
    period: Period

    def verdict(self) -> Reason | None:
        return None if self.rate > LATE_SHIPMENT_LIMIT else Reason.WITHIN_REQUIREMENT


class ValidTrackingRate(Payload):
    rate: Percent
    category: Title
    period: Period

    def verdict(self) -> Reason | None:
        return None if self.rate < VALID_TRACKING_LIMIT else Reason.WITHIN_REQUIREMENT


class HealthContact(Payload):
    topic: Words
    contact_from: Annotated[
        DeadlineOrWords,
        Field(description="From when they write or call, or who they are: sources know one or the other."),
    ]


class AccountSuspended(Payload):
    reason: Words
    policies: Policies
    appeal_by: Deadline


class AccountAtRisk(Payload):
    reason: Words
    policies: Policies
    act_by: Deadline


class ListingInTrouble(Payload):
    """What a suspended listing and one at risk have in common."""

    sku: Sku
    title: Title
    reason: Words
    sales_28d_usd: Amount

    def line_verdict(self) -> Reason | None:
        return None if self.sales_28d_usd >= LINE_SALES_THRESHOLD else Reason.BELOW_THRESHOLD

    def references(self) -> tuple[str, ...]:
        return (self.sku,)


class ListingSuspended(ListingInTrouble):
    pass


class ListingAtRisk(ListingInTrouble):
    pass
