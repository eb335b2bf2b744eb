"""Advice for sellers: causes, steps, how to answer buyers, and what a plan of action must contain.

Used in account health notifications and, in the same words, on the help page.
"""

from ..payloads.account_health import LATE_SHIPMENT_LIMIT, VALID_TRACKING_LIMIT
from .message_content import Section
from .recipient_context import RecipientContext


def plan_of_action(to: RecipientContext) -> Section:
    """Return what the marketplace requires in a plan of action before it reinstates a seller account."""
    _ = to.gettext
    return Section(
        _("What a plan of action must say"),
        (
            _("The cause: what went wrong, and why."),
            _("What you have done to put it right."),
            _("How you will prevent it from happening again."),
            _("Answer every point that was raised: a plan that leaves one out is sent back."),
        ),
    )


def plan_in_short(to: RecipientContext) -> str:
    """Return the same in one sentence, for when no plan has been requested yet."""
    return to.gettext(
        "If you are asked for a plan of action: name the cause, what you have done, and how it will not happen"
        " again. A plan that leaves out a point that was raised is sent back."
    )


def shipping_in_time(to: RecipientContext) -> tuple[str, ...]:
    _ = to.gettext
    return (
        _("Ship every confirmed order by its ship-by date."),
        _("Confirm each shipment as soon as the carrier has it: until then it counts as not shipped."),
        _("If you cannot keep to your handling times, set them to what your shop can really manage."),
        _("Tell buyers about delays, and answer their messages within 24 hours."),
    )


def late_shipment_causes(to: RecipientContext) -> Section:
    _ = to.gettext
    return Section(
        _("Usual causes"),
        (
            _("Shipments were confirmed days after they left the shop."),
            _("Orders came in for products that were not in stock."),
            _("Holidays and closed days were not taken into account in the handling time."),
        ),
    )


def tracking_every_shipment(to: RecipientContext) -> tuple[str, ...]:
    _ = to.gettext
    return (
        _("Enter a tracking number for every shipment whose carrier provides one."),
        _("Choose the carrier that you really used from the marketplace's list."),
        _("Check the tracking numbers of your latest shipments, and correct wrong ones."),
    )


def tracking_causes(to: RecipientContext) -> Section:
    _ = to.gettext
    return Section(
        _("Usual causes"),
        (
            _("Tracking numbers were entered only in your own shop system, which does not pass them on."),
            _("No carrier was chosen, or the tracking number belongs to another one."),
            _("Products were sent by a shipping method that cannot be tracked."),
        ),
    )


def correcting_the_bank_account(to: RecipientContext) -> tuple[str, ...]:
    _ = to.gettext
    return (
        _("Open the payout settings of your seller account and check the bank account."),
        _("Correct the bank account and save it."),
        _("Make sure that the next payout arrives."),
    )


def payout_causes(to: RecipientContext) -> Section:
    _ = to.gettext
    return Section(
        _("Usual causes"),
        (
            _("The name of the account holder differs from the one at the bank."),
            _("The bank, branch or account number is wrong or has changed."),
            _("The account was closed, or it cannot receive this kind of transfer."),
        ),
    )


def account_causes(to: RecipientContext) -> Section:
    """Return why accounts are suspended, with the limits that are measured."""
    _ = to.gettext
    limits = {"late": to.percent(LATE_SHIPMENT_LIMIT), "tracking": to.percent(VALID_TRACKING_LIMIT)}
    return Section(
        _("Usual causes"),
        (
            _("The order defect rate is too high: bad ratings, claims, chargebacks."),
            _("The late shipment rate is above %(late)s, or the valid tracking rate below %(tracking)s.") % limits,
            _("Buyers did not receive their orders, or received them late."),
            _("Orders could not be filled because the products were out of stock."),
            _("Messages from buyers were not answered within 24 hours."),
        ),
    )


def listing_causes(to: RecipientContext) -> Section:
    _ = to.gettext
    return Section(
        _("Usual causes"),
        (
            _("The product differs from its listing: title, pictures, condition, contents."),
            _("A policy does not allow the product, or asks for documents that are missing."),
            _("Buyers complained about the product, or their messages were not answered within 24 hours."),
        ),
    )
