"""Payloads about failed payouts, performance metrics, and accounts or listings at risk."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from ..enums import Reason
from .base import Deadline, DeadlineOrWords, Payload, Percent, Period, Saying, Sku, Title
from .money import Amount, Currency, check_money

LATE_SHIPMENT_LIMIT = Decimal(4)
"""Percent; exactly this much still meets the requirement."""
VALID_TRACKING_LIMIT = Decimal(95)
"""Percent; exactly this much still meets the requirement."""
LINE_SALES_THRESHOLD = Decimal(300)
"""US dollars of sales in 28 days; exactly this much is already sent on LINE."""

Policies = Annotated[tuple[Title, ...], Field(max_length=20)]
Flag = Annotated[bool, Field(strict=True)]


class DisbursementFailed(Payload):
    amount: Amount
    currency: Currency
    why: Saying | None = None
    account_tail: Annotated[
        str | None, Field(pattern=r"^[0-9A-Za-z]{1,4}$", description="The last characters of the bank account.")
    ] = None

    def model_post_init(self, context: Any, /) -> None:
        check_money(self.amount, self.currency)


class LateShipmentRate(Payload):
    rate: Percent
    period: Period

    def verdict(self) -> Reason | None:
        return None if self.rate > LATE_SHIPMENT_LIMIT else Reason.WITHIN_REQUIREMENT


class ValidTrackingRate(Payload):
    rate: Percent
    category: Annotated[Title | None, Field(description="Empty: all categories together.")] = None
    period: Period

    def verdict(self) -> Reason | None:
        return None if self.rate < VALID_TRACKING_LIMIT else Reason.WITHIN_REQUIREMENT


class HealthContact(Payload):
    topic: Saying
    contact_from: Annotated[
        DeadlineOrWords | None,
        Field(
            description="From when they write or call, or who they are: sources know one or the other. Empty:"
            " they may do so."
        ),
    ] = None


class AccountSuspended(Payload):
    reason: Saying | None = None
    policies: Policies = ()
    appeal_by: Deadline | None = None
    lifted: Annotated[Flag, Field(description="true: the suspension is over.")] = False


class AccountAtRisk(Payload):
    reason: Saying | None = None
    policies: Policies = ()
    act_by: Deadline | None = None
    over: Annotated[Flag, Field(description="true: the account is no longer at risk.")] = False
    after_suspension: Annotated[Flag, Field(description="true: it was suspended before.")] = False


class ListingInTrouble(Payload):
    """Fields shared by a suspended listing and a listing at risk."""

    sku: Sku
    title: Title | None = None
    reason: Saying | None = None
    sales_28d_usd: Annotated[
        Amount | None, Field(description="Empty: not known; LINE speaks then, so that nobody misses it.")
    ] = None

    def line_verdict(self) -> Reason | None:
        if self.sales_28d_usd is None:
            return None
        return None if self.sales_28d_usd >= LINE_SALES_THRESHOLD else Reason.BELOW_THRESHOLD

    def references(self) -> tuple[str, ...]:
        return (self.sku,)


class ListingSuspended(ListingInTrouble):
    pass


class ListingAtRisk(ListingInTrouble):
    pass
