"""All notification types as plain data.

To add a type, add one entry here, one payload in `payloads` and one function in `content`; a system check fails for a
type that lacks one of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .enums import Priority


class EmailDefault(Enum):
    """Whether a type is sent by e-mail while the seller has no preference."""

    ON = "on"
    OFF = "off"
    REQUIRED = "required"
    """The seller chooses the addresses, but cannot switch it off."""


@dataclass(frozen=True, slots=True)
class NotificationType:
    """One notification type."""

    key: str
    title: str | Promise
    description: str | Promise
    email: EmailDefault
    line: bool = False
    """Also sent on LINE, once a LINE account is linked."""
    professional_only: bool = False
    priority: Priority = Priority.NORMAL

    @property
    def required(self) -> bool:
        return self.email is EmailDefault.REQUIRED

    @property
    def email_default(self) -> bool:
        return self.email is not EmailDefault.OFF


@dataclass(frozen=True, slots=True)
class Group:
    """One card on the preference page, with its notification types."""

    key: str
    title: str | Promise
    description: str | Promise
    types: tuple[NotificationType, ...]

    def __iter__(self) -> Iterator[NotificationType]:
        return iter(self.types)


ON, OFF, REQUIRED = EmailDefault.ON, EmailDefault.OFF, EmailDefault.REQUIRED

GROUPS: tuple[Group, ...] = (
    Group(
        "orders",
        _("Order notifications"),
        _("When an order comes in. The orders report stays the definitive source."),
        (
            NotificationType(
                "order_confirmed",
                _("Order confirmed"),
                _("An order that you ship was confirmed. Each e-mail holds one order."),
                ON,
            ),
            NotificationType(
                "fba_order_confirmed",
                _("FBA order confirmed"),
                _("An order that the marketplace ships for you was confirmed."),
                OFF,
            ),
            NotificationType(
                "fba_inbound_shipment",
                _("FBA inbound shipment"),
                _("A shipment on its way to the fulfilment centre changed its state."),
                OFF,
            ),
        ),
    ),
    Group(
        "returns",
        _("Returns and claims"),
        _("When a buyer asks to return an order or disputes a charge."),
        (
            NotificationType(
                "return_requested",
                _("Return requested"),
                _("A buyer asks to return an order that you shipped."),
                ON,
            ),
            NotificationType(
                "claim_opened",
                _("Claim opened"),
                _("A buyer disputes a charge for a product or a service."),
                ON,
            ),
        ),
    ),
    Group(
        "listings",
        _("Listing notifications"),
        _("When a listing is created or closed."),
        (
            NotificationType("listing_created", _("Listing created"), _("A listing was created."), OFF),
            NotificationType("listing_closed", _("Listing closed"), _("A listing was closed."), OFF),
        ),
    ),
    Group(
        "reports",
        _("Reports"),
        _("When a scheduled report is ready."),
        (
            NotificationType(
                "report_open_listings",
                _("Open listings report"),
                _("The report of your open listings is ready."),
                OFF,
                professional_only=True,
                priority=Priority.BULK,
            ),
            NotificationType(
                "report_order_fulfillment",
                _("Order fulfilment report"),
                _("The report of orders to fulfil is ready."),
                OFF,
                professional_only=True,
                priority=Priority.BULK,
            ),
            NotificationType(
                "report_sold_listings",
                _("Sold listings report"),
                _("The report of listings sold is ready."),
                OFF,
                professional_only=True,
                priority=Priority.BULK,
            ),
            NotificationType(
                "report_cancelled_listings",
                _("Cancelled listings report"),
                _("The report of cancelled listings is ready."),
                OFF,
                professional_only=True,
                priority=Priority.BULK,
            ),
        ),
    ),
    Group(
        "coach",
        _("Selling coach"),
        _("Recommendations that help you sell."),
        (
            NotificationType(
                "coach_recommendations",
                _("Recommendations"),
                _("Recommendations on stock, price and growth."),
                ON,
                professional_only=True,
                priority=Priority.BULK,
            ),
            NotificationType(
                "out_of_stock_weekly",
                _("Popular products out of stock"),
                _("Once a week: products that buyers look for and that you are out of."),
                ON,
                priority=Priority.BULK,
            ),
        ),
    ),
    Group(
        "account",
        _("Account notifications"),
        _("News about the marketplace that may concern your business."),
        (
            NotificationType(
                "business_update",
                _("Business updates"),
                _("New features, promotions and selling tips."),
                ON,
                priority=Priority.BULK,
            ),
            NotificationType(
                "technical_notice",
                _("Technical notices"),
                _("Planned changes and outages that may affect your work."),
                ON,
                priority=Priority.BULK,
            ),
        ),
    ),
    Group(
        "health",
        _("Account health"),
        _("What puts your payouts, listings or account at risk. You choose where these go, not whether."),
        (
            NotificationType(
                "disbursement_failed",
                _("Payout failed"),
                _("The payout could not be transferred to your bank account."),
                REQUIRED,
                line=True,
                priority=Priority.URGENT,
            ),
            NotificationType(
                "late_shipment_rate",
                _("Late shipment rate"),
                _("Your late shipment rate is above the limit of 4%."),
                REQUIRED,
                line=True,
                priority=Priority.URGENT,
            ),
            NotificationType(
                "valid_tracking_rate",
                _("Valid tracking rate"),
                _("Your valid tracking rate is below the required 95%."),
                REQUIRED,
                line=True,
                priority=Priority.URGENT,
            ),
            NotificationType(
                "health_contact",
                _("Contact from the support team"),
                _("The support team will contact you about performance or policy."),
                REQUIRED,
                line=True,
                priority=Priority.URGENT,
            ),
            NotificationType(
                "account_suspended",
                _("Account suspended"),
                _("Your seller account was suspended."),
                REQUIRED,
                line=True,
                priority=Priority.URGENT,
            ),
            NotificationType(
                "account_at_risk",
                _("Account at risk"),
                _("Your seller account may be suspended."),
                REQUIRED,
                line=True,
                priority=Priority.URGENT,
            ),
            NotificationType(
                "listing_suspended",
                _("Listing suspended"),
                _("A listing was suspended. LINE tells it from 300 USD of sales in 28 days."),
                REQUIRED,
                line=True,
                priority=Priority.URGENT,
            ),
            NotificationType(
                "listing_at_risk",
                _("Listing at risk"),
                _("A listing may be suspended. LINE tells it from 300 USD of sales in 28 days."),
                REQUIRED,
                line=True,
                priority=Priority.URGENT,
            ),
        ),
    ),
    Group(
        "emergency",
        _("Emergency notifications"),
        _("Large-scale events that may touch your orders or shipments."),
        (
            NotificationType(
                "emergency_notice",
                _("Emergency notice"),
                _("A large-scale event may affect orders or shipments."),
                REQUIRED,
                line=True,
                priority=Priority.URGENT,
            ),
        ),
    ),
)

TYPES: dict[str, NotificationType] = {t.key: t for group in GROUPS for t in group}
GROUP_BY_KEY: dict[str, Group] = {group.key: group for group in GROUPS}
GROUP_OF: dict[str, Group] = {t.key: group for group in GROUPS for t in group}
TYPE_CHOICES: list[tuple[str, str | Promise]] = [(t.key, t.title) for t in TYPES.values()]
