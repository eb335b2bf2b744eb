"""Accounts and listings that were suspended, or may be."""

from ..payloads.health import AccountAtRisk, AccountSuspended, ListingAtRisk, ListingInTrouble, ListingSuspended
from .advice import account_causes, listing_causes, plan_in_short, plan_of_action
from .reader import Reader
from .story import Fact, Story


def _policies(policies: tuple[str, ...], to: Reader) -> tuple[Fact, ...]:
    if not policies:
        return ()
    return (
        Fact(to.gettext("Policies concerned"), to.pgettext("between two names of a list", ", ").join(policies)),
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
            _("Answer the messages of your buyers within 24 hours, now as well."),
        ),
        sections=(plan_of_action(to), account_causes(to)),
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
            _("Answer the messages of your buyers within 24 hours."),
        ),
        sections=(account_causes(to), plan_of_action(to)),
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
        sections=(plan_of_action(to), listing_causes(to)),
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
        sections=(listing_causes(to),),
        note=plan_in_short(to),
        action=_("See what to do"),
    )
