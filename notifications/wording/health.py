"""Payouts, performance metrics and the support team's contact."""

from datetime import date

from ..payloads.health import (
    LATE_SHIPMENT_LIMIT,
    VALID_TRACKING_LIMIT,
    DisbursementFailed,
    HealthContact,
    LateShipmentRate,
    ValidTrackingRate,
)
from .reader import Reader
from .story import Fact, Section, Story


def plan_of_action(to: Reader) -> Section:
    """What the marketplace wants to read before it lets a shop go on."""
    _ = to.gettext
    return Section(
        _("What a plan of action must say"),
        (
            _("The cause: what went wrong, and why."),
            _("What you have done to put it right."),
            _("How you make sure that it does not happen again."),
            _("Answer every point that was raised: a plan that leaves one out is not complete."),
        ),
    )


def disbursement_failed(payout: DisbursementFailed, to: Reader) -> Story:
    _ = to.gettext
    amount = to.money(payout.amount, payout.currency)
    headline = _("The payout of %(amount)s failed") % {"amount": amount}
    return Story(
        headline=headline,
        subject=to.important(headline),
        happened=_("Your payout could not be transferred to the bank account on file."),
        facts=(Fact(_("Amount"), amount), Fact(_("Reason"), payout.why)),
        todo=(
            _("Open the payout settings of your seller account and check the bank account."),
            _("Correct the bank account and save it."),
            _("Make sure that the next payout arrives."),
        ),
        sections=(
            Section(
                _("Usual causes"),
                (
                    _("The name of the account holder differs from the one at the bank."),
                    _("The bank, branch or account number is wrong or has changed."),
                    _("The account was closed, or it cannot receive this kind of transfer."),
                ),
            ),
        ),
        action=_("See what to do"),
    )


def late_shipment_rate(metric: LateShipmentRate, to: Reader) -> Story:
    _ = to.gettext
    rate = to.percent(metric.rate)
    limit = to.percent(LATE_SHIPMENT_LIMIT)
    facts = (
        Fact(_("Late shipment rate"), rate),
        Fact(_("Requirement"), _("%(limit)s or less") % {"limit": limit}),
        Fact(_("Period"), to.period(metric.period)),
    )
    if metric.verdict():
        return _met(_("Late shipment rate: %(rate)s") % {"rate": rate}, facts, to)
    headline = _("The late shipment rate of %(rate)s is too high") % {"rate": rate}
    return Story(
        headline=headline,
        subject=to.important(headline),
        happened=_("Your late shipment rate is %(rate)s and exceeds the requirement of %(limit)s.")
        % {"rate": rate, "limit": limit},
        paragraphs=(_("If this goes on, your seller account may be suspended."),),
        facts=facts,
        todo=(
            _("Ship every confirmed order by its ship-by date."),
            _("Confirm each shipment as soon as the carrier has it: it counts as late until then."),
            _("If you cannot keep your handling times, set them to what your shop can really do."),
        ),
        sections=(
            Section(
                _("Usual causes"),
                (
                    _("Shipments were confirmed days after they left."),
                    _("Orders came in for products that were not in stock."),
                    _("Holidays and closed days were not taken into account in the handling time."),
                ),
            ),
        ),
        action=_("See what to do"),
    )


def valid_tracking_rate(metric: ValidTrackingRate, to: Reader) -> Story:
    _ = to.gettext
    rate = to.percent(metric.rate)
    limit = to.percent(VALID_TRACKING_LIMIT)
    facts = (
        Fact(_("Valid tracking rate"), rate),
        Fact(_("Requirement"), _("%(limit)s or more") % {"limit": limit}),
        Fact(_("Product category"), metric.category),
        Fact(_("Period"), to.period(metric.period)),
    )
    if metric.verdict():
        return _met(_("Valid tracking rate: %(rate)s") % {"rate": rate}, facts, to)
    headline = _("The valid tracking rate of %(rate)s is too low") % {"rate": rate}
    return Story(
        headline=headline,
        subject=to.important(headline),
        happened=_("Your valid tracking rate is %(rate)s and stays below the requirement of %(limit)s.")
        % {"rate": rate, "limit": limit},
        paragraphs=(
            _("If this goes on, you may no longer sell what you ship yourself in categories below %(limit)s.")
            % {"limit": limit},
        ),
        facts=facts,
        todo=(
            _("Enter a tracking number with every shipment whose carrier gives one."),
            _("Choose the carrier that really carries the parcel from the marketplace's list."),
            _("Check the tracking numbers of your latest shipments, and correct wrong ones."),
        ),
        sections=(
            Section(
                _("Usual causes"),
                (
                    _("Tracking numbers were entered only in your own shop system, which does not pass them on."),
                    _("The carrier was left out, or it is another one than the tracking number belongs to."),
                    _("Products were sent by a way of shipping that cannot be tracked."),
                ),
            ),
        ),
        action=_("See what to do"),
    )


def _met(headline: str, facts: tuple[Fact, ...], to: Reader) -> Story:
    return Story(
        headline=headline,
        subject=to.subject(headline),
        happened=to.gettext("The rate meets the requirement."),
        facts=facts,
        todo=(to.gettext("There is nothing that you need to do now."),),
        action=to.gettext("View the notification"),
    )


def health_contact(contact: HealthContact, to: Reader) -> Story:
    _ = to.gettext
    headline = _("The support team will contact you")
    if isinstance(contact.contact_from, date):
        who = Fact(_("You hear from us from"), to.when(contact.contact_from))
    else:
        who = Fact(_("You hear from"), contact.contact_from)
    return Story(
        headline=headline,
        subject=to.important(headline),
        happened=_(
            "The support team will contact you so that your performance improves and you can go on selling."
        ),
        facts=(Fact(_("Topic"), contact.topic), who),
        todo=(
            _("Look through your account health before the conversation."),
            _("Note what has gone wrong lately and what you have already changed."),
            _("Watch your e-mail and your phone, and answer soon."),
        ),
        action=_("See what to do"),
    )
