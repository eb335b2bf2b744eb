"""Message content about accounts and listings that are suspended or at risk."""

from ..payloads.account_health import (
    AccountAtRisk,
    AccountSuspended,
    ListingAtRisk,
    ListingInTrouble,
    ListingSuspended,
)
from ..payloads.base import BilingualWords
from .advice import account_causes, listing_causes, plan_in_short, plan_of_action
from .listings import product_facts
from .message_content import Fact, MessageContent
from .recipient_context import RecipientContext
from .reinstatements import account_safe, suspension_lifted


def _reason(reason: str | BilingualWords | None, to: RecipientContext) -> tuple[Fact, ...]:
    return () if reason is None else (Fact(to.gettext("Reason"), to.said(reason)),)


def _policies(policies: tuple[str, ...], to: RecipientContext) -> tuple[Fact, ...]:
    if not policies:
        return ()
    return (Fact(to.gettext("Policies concerned"), to.pgettext("between two names of a list", ", ").join(policies)),)


def _find_the_cause(told: tuple[Fact, ...], to: RecipientContext) -> str:
    """Return the first step, which depends on whether the source gave a reason."""
    if told:
        return to.gettext("Read the reason and the policies, and find the cause.")
    return to.gettext("Open the account health page of your seller account, and find the cause.")


def account_suspended(suspension: AccountSuspended, to: RecipientContext) -> MessageContent:
    if suspension.lifted:
        return suspension_lifted(to)
    _ = to.gettext
    facts, appeal = _reason(suspension.reason, to), _("Send your appeal with this plan.")
    facts += _policies(suspension.policies, to)
    find = _find_the_cause(facts, to)
    if suspension.appeal_by is not None:
        appeal_by = to.when(suspension.appeal_by)
        facts += (Fact(_("Appeal by"), appeal_by),)
        appeal = _("Send your appeal with this plan by %(date)s.") % {"date": appeal_by}
    headline = _("Your seller account was suspended")
    return MessageContent(
        headline=headline,
        subject=to.important(headline),
        happened=_("Your seller account was suspended; you cannot sell for now."),
        facts=facts,
        todo=(
            find,
            _("Write a plan of action."),
            appeal,
            _("Answer the messages of your buyers within 24 hours, now as well."),
        ),
        sections=(plan_of_action(to), account_causes(to)),
        action=_("See what to do"),
    )


def account_at_risk(risk: AccountAtRisk, to: RecipientContext) -> MessageContent:
    if risk.over:
        return account_safe(to)
    _ = to.gettext
    facts, resolve = _reason(risk.reason, to), _("Resolve the problem as soon as you can.")
    facts += _policies(risk.policies, to)
    find = _find_the_cause(facts, to)
    if risk.act_by is not None:
        act_by = to.when(risk.act_by)
        facts += (Fact(_("Act by"), act_by),)
        resolve = _("Resolve the problem by %(date)s.") % {"date": act_by}
    headline = _("Your seller account may be suspended")
    happened = _("Your seller account may be suspended if nothing changes.")
    if risk.after_suspension:
        headline = _("You can sell again, but your seller account is at risk")
        happened = _("Your seller account is no longer suspended, but may be again if nothing changes.")
    return MessageContent(
        headline=headline,
        subject=to.important(headline),
        happened=happened,
        facts=facts,
        todo=(
            find,
            resolve,
            _("Keep a plan of action ready: you will be asked for it if the account is suspended."),
            _("Answer the messages of your buyers within 24 hours."),
        ),
        sections=(account_causes(to), plan_of_action(to)),
        action=_("See what to do"),
    )


def _listing(listing: ListingInTrouble, to: RecipientContext) -> tuple[Fact, ...]:
    sales: tuple[Fact, ...] = ()
    if listing.sales_28d_usd is not None:
        sales = (Fact(to.gettext("Sales in the last 28 days"), to.money(listing.sales_28d_usd, "USD")),)
    return (*product_facts(listing.title, listing.sku, to), *_reason(listing.reason, to), *sales)


def listing_suspended(listing: ListingSuspended, to: RecipientContext) -> MessageContent:
    _ = to.gettext
    headline = _("Listing suspended: %(sku)s") % {"sku": listing.sku}
    return MessageContent(
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


def listing_at_risk(listing: ListingAtRisk, to: RecipientContext) -> MessageContent:
    _ = to.gettext
    headline = _("A listing may be suspended: %(sku)s") % {"sku": listing.sku}
    return MessageContent(
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
