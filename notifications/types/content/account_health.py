"""Message content about failed payouts, performance metrics and contact from the support team."""

from datetime import date

from ..payloads.account_health import (
    LATE_SHIPMENT_LIMIT,
    VALID_TRACKING_LIMIT,
    DisbursementFailed,
    HealthContact,
    LateShipmentRate,
    ValidTrackingRate,
)
from .advice import (
    account_causes,
    correcting_the_bank_account,
    late_shipment_causes,
    payout_causes,
    plan_in_short,
    plan_of_action,
    shipping_in_time,
    tracking_causes,
    tracking_every_shipment,
)
from .message_content import Fact, MessageContent
from .recipient_context import RecipientContext


def disbursement_failed(payout: DisbursementFailed, to: RecipientContext) -> MessageContent:
    _ = to.gettext
    amount = to.money(payout.amount, payout.currency)
    headline = _("The payout of %(amount)s failed") % {"amount": amount}
    return MessageContent(
        headline=headline,
        subject=to.important(headline),
        happened=_("Your payout could not be transferred to the bank account on file."),
        facts=_payout_facts(payout, amount, to),
        todo=correcting_the_bank_account(to),
        sections=(payout_causes(to),),
        action=_("See what to do"),
    )


def _payout_facts(payout: DisbursementFailed, amount: str, to: RecipientContext) -> tuple[Fact, ...]:
    _ = to.gettext
    facts = [Fact(_("Amount"), amount)]
    if payout.account_tail is not None:
        facts.append(Fact(_("Bank account"), _("Ends in %(digits)s") % {"digits": payout.account_tail}))
    if payout.why is not None:
        facts.append(Fact(_("Reason"), to.said(payout.why)))
    return tuple(facts)


def late_shipment_rate(metric: LateShipmentRate, to: RecipientContext) -> MessageContent:
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
    headline = _("Your late shipment rate is too high: %(rate)s") % {"rate": rate}
    return MessageContent(
        headline=headline,
        subject=to.important(headline),
        happened=_("Your late shipment rate is %(rate)s; the requirement is %(limit)s or less.")
        % {"rate": rate, "limit": limit},
        paragraphs=(_("If this continues, your seller account may be suspended."),),
        facts=facts,
        todo=shipping_in_time(to),
        sections=(late_shipment_causes(to),),
        note=plan_in_short(to),
        action=_("See what to do"),
    )


def valid_tracking_rate(metric: ValidTrackingRate, to: RecipientContext) -> MessageContent:
    _ = to.gettext
    rate = to.percent(metric.rate)
    limit = to.percent(VALID_TRACKING_LIMIT)
    category = () if metric.category is None else (Fact(_("Product category"), metric.category),)
    facts = (
        Fact(_("Valid tracking rate"), rate),
        Fact(_("Requirement"), _("%(limit)s or more") % {"limit": limit}),
        *category,
        Fact(_("Period"), to.period(metric.period)),
    )
    if metric.verdict():
        return _met(_("Valid tracking rate: %(rate)s") % {"rate": rate}, facts, to)
    headline = _("Your valid tracking rate is too low: %(rate)s") % {"rate": rate}
    return MessageContent(
        headline=headline,
        subject=to.important(headline),
        happened=_("Your valid tracking rate is %(rate)s; the requirement is %(limit)s or more.")
        % {"rate": rate, "limit": limit},
        paragraphs=(
            _("If this continues, you may no longer sell what you ship yourself in categories below %(limit)s.")
            % {"limit": limit},
        ),
        facts=facts,
        todo=tracking_every_shipment(to),
        sections=(tracking_causes(to),),
        note=plan_in_short(to),
        action=_("See what to do"),
    )


def _met(headline: str, facts: tuple[Fact, ...], to: RecipientContext) -> MessageContent:
    return MessageContent(
        headline=headline,
        subject=to.subject(headline),
        happened=to.gettext("The rate meets the requirement."),
        facts=facts,
        todo=(to.gettext("There is nothing you need to do now."),),
        action=to.gettext("View the notification"),
    )


def health_contact(contact: HealthContact, to: RecipientContext) -> MessageContent:
    _ = to.gettext
    headline = _("The support team will contact you")
    happened = _("The support team will contact you about what is needed to improve and to keep selling.")
    who: tuple[Fact, ...] = ()
    if contact.contact_from is None:
        headline = _("The support team may contact you")
        happened = _("The support team may contact you about what is needed to improve and to keep selling.")
    elif isinstance(contact.contact_from, date):
        who = (Fact(_("We will contact you from"), to.when(contact.contact_from)),)
    else:
        who = (Fact(_("Who will contact you"), contact.contact_from),)
    return MessageContent(
        headline=headline,
        subject=to.important(headline),
        happened=happened,
        facts=(Fact(_("Topic"), to.said(contact.topic)), *who),
        todo=(
            _("Look through your account health before the conversation."),
            _("Note what has gone wrong lately and what you have already changed."),
            _("Watch for e-mails and calls, and answer promptly."),
            _("Answer the messages of your buyers within 24 hours."),
        ),
        sections=(account_causes(to), plan_of_action(to)),
        action=_("See what to do"),
    )
