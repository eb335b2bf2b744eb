"""Help page about account health: what is measured, how to comply, and what the notifications ask of a seller."""

from zoneinfo import ZoneInfo

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from notifications.types.content import RecipientContext, advice, language
from notifications.types.payloads.account_health import LATE_SHIPMENT_LIMIT, VALID_TRACKING_LIMIT

from .appeals import appeals
from .page import Link, Page, Section, Table


def page() -> Page:
    to = RecipientContext(shop="", zone=ZoneInfo("UTC"), language=language(get_language()))
    return Page(
        "health",
        "heart",
        _("Account health"),
        _("What the marketplace measures, why it suspends accounts, and how to answer."),
        (_metrics(to), _late_shipment(to), _tracking(to), _buyers(), _notices(), *appeals(to), _payout(to)),
    )


def _metrics(to: RecipientContext) -> Section:
    late, tracking = to.percent(LATE_SHIPMENT_LIMIT), to.percent(VALID_TRACKING_LIMIT)
    return Section(
        "metrics",
        _("What is measured, and what is required?"),
        table=Table.of(
            (pgettext("account health", "Metric"), _("Requirement"), _("What it means")),
            (
                _("Late shipment rate"),
                _("%(limit)s or less") % {"limit": late},
                _("How many of your orders were confirmed as shipped after their ship-by date."),
            ),
            (
                _("Valid tracking rate"),
                _("%(limit)s or more") % {"limit": tracking},
                _("How many of your shipments have a valid tracking number, in each product category."),
            ),
            (
                _("Answers to buyers"),
                _("Within 24 hours"),
                _("How fast you answer the messages of buyers."),
            ),
            (
                _("Order defect rate"),
                _("As low as possible"),
                _("How many of your orders had a bad rating, a claim or a chargeback."),
            ),
        ),
        after=(
            _("Exactly %(late)s or %(tracking)s meets the requirement. You are told when a rate no longer does.")
            % {"late": late, "tracking": tracking},
        ),
        links=(Link(_("When you are told"), "types", "health"),),
    )


def _late_shipment(to: RecipientContext) -> Section:
    return Section(
        "late-shipment",
        _("How do I lower the late shipment rate?"),
        (
            _("If it stays above the limit, your seller account may be suspended."),
            _("These are the usual causes:"),
        ),
        points=advice.late_shipment_causes(to).points,
        before_steps=_("And this helps:"),
        steps=advice.shipping_in_time(to),
        links=(Link(_("What must I do after shipping?"), "orders", "confirming"),),
    )


def _tracking(to: RecipientContext) -> Section:
    return Section(
        "tracking",
        _("How do I raise the valid tracking rate?"),
        (
            _("If it stays below the limit, you may no longer sell what you ship yourself in that category."),
            _("These are the usual causes:"),
        ),
        points=advice.tracking_causes(to).points,
        before_steps=_("And this helps:"),
        steps=advice.tracking_every_shipment(to),
        links=(Link(_("Which carrier does the marketplace show?"), "orders", "carriers"),),
    )


def _buyers() -> Section:
    return Section(
        "buyers",
        _("Answering buyers within 24 hours"),
        (
            _(
                "The marketplace also rates how fast you answer. Where you cannot answer fully yet, say that you"
                " are looking into it, and when the buyer will hear from you."
            ),
            _(
                "A large number of listings is no reason for a suspension. But list only as much as you can look"
                " after, and add to it step by step: questions come with the orders."
            ),
        ),
    )


def _notices() -> Section:
    return Section(
        "notices",
        _("What do the notifications ask of me?"),
        table=Table.of(
            (pgettext("column", "Notification"), _("What it means"), _("What to do")),
            (
                _("Contact from the support team"),
                _("The support team will write or call, to talk about what must improve."),
                _("Be reachable, and have ready what went wrong and what you have changed."),
            ),
            (
                _("Account at risk"),
                _("You can still sell. The account may be suspended if nothing changes."),
                _("Resolve the problem, by the date if one is given, and prepare a plan of action."),
            ),
            (
                _("Account suspended"),
                _("You cannot sell for now."),
                _("Send your appeal with a plan of action, by the date if one is given."),
            ),
            (
                _("Listing at risk"),
                _("The product can still be ordered."),
                _("Correct the listing, and look for the same problem in the others."),
            ),
            (
                _("Listing suspended"),
                _("The product cannot be ordered for now."),
                _("Correct the listing or collect the documents, and send your appeal."),
            ),
        ),
        after=(
            _("You are also told when an account is no longer at risk, or no longer suspended."),
            _("SellerHub only passes these on. Appeals go to the marketplace, and it decides."),
        ),
    )


def _payout(to: RecipientContext) -> Section:
    return Section(
        "payout",
        _("The payout failed. What now?"),
        (_("These are the usual causes:"),),
        points=advice.payout_causes(to).points,
        before_steps=_("And this helps:"),
        steps=advice.correcting_the_bank_account(to),
    )
