"""Accounts and listings that were suspended, or may be."""

from ..payloads.health import AccountAtRisk, AccountSuspended, ListingAtRisk, ListingInTrouble, ListingSuspended
from .health import plan_of_action
from .reader import Reader
from .story import Fact, Section, Story


def _policies(policies: tuple[str, ...], to: Reader) -> tuple[Fact, ...]:
    if not policies:
        return ()
    return (
        Fact(to.gettext("Policies concerned"), to.pgettext("between two names of a list", ", ").join(policies)),
    )


def _account_causes(to: Reader) -> Section:
    _ = to.gettext
    return Section(
        _("Usual causes"),
        (
            _("The order defect rate is too high: bad ratings, claims, chargebacks."),
            _("Buyers did not receive their orders, or received them late."),
            _("Orders could not be filled because the products were out of stock."),
            _("Messages from buyers were not answered within 24 hours."),
        ),
    )


def account_suspended(suspension: AccountSuspended, to: Reader) -> Story:
    _ = to.gettext
    appeal_by = to.when(suspension.appeal_by)
    headline = _("Your seller account was suspended")
    return Story(
        headline=headline,
        subject=to.important(headline),
        happened=_("Your seller account was suspended; you cannot sell for now."),
        facts=(
            Fact(_("Reason"), suspension.reason),
            *_policies(suspension.policies, to),
            Fact(_("Appeal by"), appeal_by),
        ),
        todo=(
            _("Read the reason and the policies, and find the cause."),
            _("Write a plan of action."),
            _("Send your appeal with this plan by %(date)s.") % {"date": appeal_by},
        ),
        sections=(plan_of_action(to), _account_causes(to)),
        action=_("See what to do"),
    )


def account_at_risk(risk: AccountAtRisk, to: Reader) -> Story:
    _ = to.gettext
    act_by = to.when(risk.act_by)
    headline = _("Your seller account may be suspended")
    return Story(
        headline=headline,
        subject=to.important(headline),
        happened=_("Your seller account may be suspended if nothing changes."),
        facts=(Fact(_("Reason"), risk.reason), *_policies(risk.policies, to), Fact(_("Act by"), act_by)),
        todo=(
            _("Read the reason and the policies, and find the cause."),
            _("Resolve the problem by %(date)s.") % {"date": act_by},
            _("Keep a plan of action ready: you will be asked for it if the account is suspended."),
        ),
        sections=(_account_causes(to), plan_of_action(to)),
        action=_("See what to do"),
    )


def _listing(listing: ListingInTrouble, to: Reader) -> tuple[Fact, ...]:
    _ = to.gettext
    return (
        Fact(_("Product"), listing.title),
        Fact(_("SKU"), listing.sku),
        Fact(_("Reason"), listing.reason),
        Fact(_("Sales in the last 28 days"), to.money(listing.sales_28d_usd, "USD")),
    )


def listing_suspended(listing: ListingSuspended, to: Reader) -> Story:
    _ = to.gettext
    headline = _("Listing suspended: %(sku)s") % {"sku": listing.sku}
    return Story(
        headline=headline,
        subject=to.important(headline),
        happened=_("A listing was suspended, and buyers can no longer order the product."),
        facts=_listing(listing, to),
        todo=(
            _("Read the reason, and check the product and its listing against it."),
            _("Correct the listing, or collect the documents that are asked for."),
            _("Send your appeal with a plan of action."),
        ),
        sections=(plan_of_action(to),),
        action=_("See what to do"),
    )


def listing_at_risk(listing: ListingAtRisk, to: Reader) -> Story:
    _ = to.gettext
    headline = _("A listing may be suspended: %(sku)s") % {"sku": listing.sku}
    return Story(
        headline=headline,
        subject=to.important(headline),
        happened=_("A listing may be suspended if nothing changes."),
        facts=_listing(listing, to),
        todo=(
            _("Read the reason, and check the product and its listing against it."),
            _("Correct the listing, or collect the documents that are asked for."),
            _("Look for the same problem in your other listings."),
        ),
        action=_("See what to do"),
    )
