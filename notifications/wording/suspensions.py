"""Accounts and listings that were suspended, or may be."""

from ..payloads.base import Bilingual
from ..payloads.health import AccountAtRisk, AccountSuspended, ListingAtRisk, ListingInTrouble, ListingSuspended
from .health import plan_of_action
from .listings import product_facts
from .reader import Reader
from .relief import account_safe, suspension_lifted
from .story import Fact, Section, Story


def _reason(reason: str | Bilingual | None, to: Reader) -> tuple[Fact, ...]:
    return () if reason is None else (Fact(to.gettext("Reason"), to.said(reason)),)


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
    if suspension.lifted:
        return suspension_lifted(to)
    _ = to.gettext
    facts, appeal = _reason(suspension.reason, to), _("Send your appeal with this plan.")
    facts += _policies(suspension.policies, to)
    if suspension.appeal_by is not None:
        appeal_by = to.when(suspension.appeal_by)
        facts += (Fact(_("Appeal by"), appeal_by),)
        appeal = _("Send your appeal with this plan by %(date)s.") % {"date": appeal_by}
    headline = _("Your seller account was suspended")
    return Story(
        headline=headline,
        subject=to.important(headline),
        happened=_("Your seller account was suspended; you cannot sell for now."),
        facts=facts,
        todo=(
            _("Read the reason and the policies, and find the cause."),
            _("Write a plan of action."),
            appeal,
        ),
        sections=(plan_of_action(to), _account_causes(to)),
        action=_("See what to do"),
    )


def account_at_risk(risk: AccountAtRisk, to: Reader) -> Story:
    if risk.over:
        return account_safe(to)
    _ = to.gettext
    facts, resolve = _reason(risk.reason, to), _("Resolve the problem as soon as you can.")
    facts += _policies(risk.policies, to)
    if risk.act_by is not None:
        act_by = to.when(risk.act_by)
        facts += (Fact(_("Act by"), act_by),)
        resolve = _("Resolve the problem by %(date)s.") % {"date": act_by}
    headline = _("Your seller account may be suspended")
    happened = _("Your seller account may be suspended if nothing changes.")
    if risk.after_suspension:
        headline = _("You can sell again, but your seller account is at risk")
        happened = _("Your seller account is no longer suspended, but may be again if nothing changes.")
    return Story(
        headline=headline,
        subject=to.important(headline),
        happened=happened,
        facts=facts,
        todo=(
            _("Read the reason and the policies, and find the cause."),
            resolve,
            _("Keep a plan of action ready: you will be asked for it if the account is suspended."),
        ),
        sections=(_account_causes(to), plan_of_action(to)),
        action=_("See what to do"),
    )


def _listing(listing: ListingInTrouble, to: Reader) -> tuple[Fact, ...]:
    sales: tuple[Fact, ...] = ()
    if listing.sales_28d_usd is not None:
        sales = (Fact(to.gettext("Sales in the last 28 days"), to.money(listing.sales_28d_usd, "USD")),)
    return (*product_facts(listing.title, listing.sku, to), *_reason(listing.reason, to), *sales)


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
