"""Message content about return requests and claims."""

from ..payloads.returns import ClaimKind, ClaimOpened, ReturnRequested
from .message_content import Fact, MessageContent
from .orders import items_table
from .recipient_context import RecipientContext


def return_requested(request: ReturnRequested, to: RecipientContext) -> MessageContent:
    _ = to.gettext
    facts = [Fact(_("Order ID"), request.order_id)]
    if request.reason is not None:
        facts.append(Fact(_("Reason for the return"), request.reason))
    answer = _("Answer the buyer.")
    if request.respond_by is not None:
        respond_by = to.when(request.respond_by)
        facts.append(Fact(_("Answer by"), respond_by))
        answer = _("Answer the buyer by %(date)s.") % {"date": respond_by}
    headline = _("Return requested for order %(order)s") % {"order": request.order_id}
    return MessageContent(
        headline=headline,
        subject=to.subject(headline),
        happened=_("A buyer would like to return an order that you shipped."),
        facts=tuple(facts),
        table=items_table(request.items, to),
        todo=(
            _("Read the request and decide how to handle it."),
            answer,
            _("When the goods have come back, refund the buyer."),
        ),
        note=_("Messages from buyers should be answered within 24 hours."),
        action=_("View the notification"),
    )


def claim_opened(claim: ClaimOpened, to: RecipientContext) -> MessageContent:
    _ = to.gettext
    respond_by = to.when(claim.respond_by)
    amount = to.money(claim.amount, claim.currency)
    kind = (
        to.pgettext("claim", "Chargeback")
        if claim.kind is ClaimKind.CHARGEBACK
        else to.pgettext("claim", "Marketplace guarantee")
    )
    headline = _("Claim on order %(order)s") % {"order": claim.order_id}
    return MessageContent(
        headline=headline,
        subject=to.subject(headline),
        happened=_("A buyer is disputing a charge of %(amount)s.") % {"amount": amount},
        facts=(
            Fact(_("Order ID"), claim.order_id),
            Fact(_("Claim ID"), claim.claim_id),
            Fact(_("Kind of claim"), kind),
            Fact(_("Amount"), amount),
            Fact(_("Answer by"), respond_by),
        ),
        todo=(
            _("Collect the records of the order: shipping date, carrier, tracking number, messages."),
            _("Try to reach an agreement with the buyer."),
            _("Answer the claim by %(date)s: refund the buyer, or send your evidence.") % {"date": respond_by},
        ),
        action=_("View the notification"),
    )
