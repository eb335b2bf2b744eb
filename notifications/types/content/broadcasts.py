"""Message content of broadcasts to many seller accounts and of notices to one; operators write the text."""

import re

from ..payloads.base import BilingualProse
from ..payloads.broadcasts import BusinessUpdate, EmergencyNotice, NamedOrder, TechnicalNotice
from .message_content import Fact, MessageContent, Row, Table
from .recipient_context import RecipientContext

_EMPTY_LINE = re.compile(r"(?:\r?\n[ \t]*){2,}")


def _paragraphs(body: BilingualProse, to: RecipientContext) -> tuple[str, ...]:
    return tuple(_EMPTY_LINE.split(to.own(body)))


def _correction(notice: BusinessUpdate | TechnicalNotice | EmergencyNotice, to: RecipientContext) -> MessageContent:
    """Replace a recalled notice by its correction: nothing that the notice asked for applies any more."""
    _ = to.gettext
    headline = _("Correction: %(title)s") % {"title": to.own(notice.title)}
    return MessageContent(
        headline=headline,
        subject=to.subject(headline),
        happened=_("An earlier notice of ours was wrong, and we have taken it back. We apologize."),
        paragraphs=_paragraphs(notice.body, to),
        todo=(_("Go by this text, and disregard the earlier notice."),),
        action=_("View the notification"),
    )


def business_update(update: BusinessUpdate, to: RecipientContext) -> MessageContent:
    _ = to.gettext
    if update.correction:
        return _correction(update, to)
    headline = to.own(update.title)
    return MessageContent(
        headline=headline,
        subject=to.subject(headline),
        happened=_("The marketplace has news for your business."),
        paragraphs=_paragraphs(update.body, to),
        todo=(_("There is nothing you need to do. Use what suits your shop."),),
        action=_("View the notification"),
    )


def technical_notice(notice: TechnicalNotice, to: RecipientContext) -> MessageContent:
    _ = to.gettext
    if notice.correction:
        return _correction(notice, to)
    headline = to.own(notice.title)
    happened = _("A change or an outage of the marketplace's systems may affect your work.")
    todo: tuple[str, ...] = (_("There is nothing you need to do now."),)
    facts: tuple[Fact, ...] = ()
    if notice.starts_at is not None:
        ends = _("Not known yet") if notice.ends_at is None else to.when(notice.ends_at)
        facts = (
            Fact(to.pgettext("time", "Starts"), to.when(notice.starts_at)),
            Fact(to.pgettext("time", "Ends"), ends),
        )
        todo = (_("Plan your work around this time, and finish anything urgent before it starts."),)
    return MessageContent(
        headline=headline,
        subject=to.subject(headline),
        happened=to.own(notice.happened) if notice.happened else happened,
        facts=facts,
        paragraphs=_paragraphs(notice.body, to),
        table=_orders_table(notice.orders, to) if notice.orders else None,
        todo=tuple(to.own(step) for step in notice.steps) or todo,
        action=_("View the notification"),
    )


def _orders_table(orders: tuple[NamedOrder, ...], to: RecipientContext) -> Table:
    _ = to.gettext
    if not any(order.carrier for order in orders):
        return Table((_("Order ID"),), tuple(Row(order.order_id, "", ()) for order in orders))
    rows = tuple(Row(order.order_id, "", (order.carrier or "–",)) for order in orders)
    return Table((_("Order ID"), _("Carrier at the marketplace")), rows)


def emergency_notice(notice: EmergencyNotice, to: RecipientContext) -> MessageContent:
    _ = to.gettext
    if notice.correction:
        return _correction(notice, to)
    headline = to.own(notice.title)
    region = notice.region if isinstance(notice.region, str) else to.own(notice.region)
    return MessageContent(
        headline=headline,
        subject=to.important(headline),
        happened=_("A large-scale event may affect your orders or shipments."),
        facts=(Fact(_("Region"), region),),
        paragraphs=_paragraphs(notice.body, to),
        todo=(
            _("Put your own safety and that of your staff first."),
            _("Check orders and shipments in this region, and tell your buyers about delays."),
            _("Stay reachable on your emergency phone number, and update it if it has changed."),
        ),
        action=_("See what to do"),
    )
