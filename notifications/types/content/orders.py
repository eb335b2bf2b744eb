"""Message content about orders and FBA inbound shipments."""

from ..payloads.orders import (
    FbaInboundShipment,
    FbaOrderConfirmed,
    Item,
    OrderConfirmed,
    OrderStatus,
    ShipmentState,
)
from .message_content import Fact, MessageContent, Row, Table
from .recipient_context import RecipientContext


def items_table(items: tuple[Item, ...], to: RecipientContext) -> Table | None:
    """Return products with quantity and, where known, price; None without products."""
    if not items:
        return None
    _ = to.gettext
    priced = any(item.price is not None for item in items)
    headers = (_("Product"), _("Quantity"), _("Unit price")) if priced else (_("Product"), _("Quantity"))
    rows = []
    for item in items:
        values: tuple[str, ...] = (f"{item.quantity:,}",)
        if priced:
            values += ("–" if item.price is None else to.money(item.price, item.currency),)
        rows.append(product_row(item.title, item.sku, values, to))
    return Table(headers, tuple(rows))


def product_row(title: str | None, sku: str, values: tuple[str, ...], to: RecipientContext) -> Row:
    """Return a product's row, headed by its name, or by its SKU where no source gave a name."""
    by_sku = to.gettext("SKU: %(sku)s") % {"sku": sku}
    return Row(by_sku, "", values) if title is None else Row(title, by_sku, values)


def order_confirmed(order: OrderConfirmed, to: RecipientContext) -> MessageContent:
    _ = to.gettext
    words = {"order": order.order_id}
    if order.confirmed and order.cancel_requested:
        headline = _("The buyer asks to cancel order %(order)s") % words
        happened = _("A buyer asks to cancel a seller-fulfilled order that is not shipped yet.")
        todo: tuple[str, ...] = (
            _("Do not ship it before you have decided."),
            _("Cancel the order in order management if you agree to the request."),
            _("If it is on its way already, confirm the shipment and tell the buyer how to return it."),
        )
    elif order.confirmed:
        headline = _("Order %(order)s is confirmed") % words
        happened = _("A seller-fulfilled order was confirmed and is ready to be shipped.")
        ship = _("Ship it in time.")
        if order.ship_by is not None:
            ship = _("Ship it by %(date)s.") % {"date": to.when(order.ship_by)}
        todo = (
            _("Check the order and the delivery address in order management or in the orders report."),
            ship,
            _("Then confirm the shipment, with the carrier and, where there is one, the tracking number."),
        )
        if order.carrier is not None and not order.carrier.known:
            todo += (
                _(
                    "The marketplace has no name for this carrier. Choose the carrier and the shipping method"
                    " there yourself when you confirm the shipment."
                ),
            )
    elif order.status is OrderStatus.PENDING:
        headline = _("Order %(order)s is pending") % words
        happened = _("An order came in, but its payment is not confirmed yet.")
        todo = (_("Do not ship it yet, even if the buyer asks for it. You are told when the order is confirmed."),)
    else:
        headline = _("Order %(order)s was cancelled") % words
        happened = _("An order was cancelled before it was confirmed.")
        todo = (_("Do not ship it."),)
    return MessageContent(
        headline=headline,
        subject=to.subject(headline),
        happened=happened,
        facts=_order_facts(order, to),
        table=items_table(order.items, to),
        todo=todo,
        note=_("This message supplements the orders report, which stays the definitive source for your orders."),
        action=_("View the notification"),
    )


def _order_facts(order: OrderConfirmed, to: RecipientContext) -> tuple[Fact, ...]:
    """Return the facts that the source gave about the order."""
    _ = to.gettext
    facts = [Fact(_("Order ID"), order.order_id)]
    if order.shipping_method is not None:
        facts.append(Fact(_("Shipping method"), order.shipping_method))
    if order.carrier is not None:
        facts.append(Fact(_("Carrier at the marketplace"), order.carrier.name))
        if order.carrier.own_name is not None and order.carrier.own_name != order.carrier.name:
            facts.append(Fact(_("Carrier in your shop system"), order.carrier.own_name))
    if order.ship_by is not None:
        facts.append(Fact(_("Ship by"), to.when(order.ship_by)))
    return tuple(facts)


def fba_order_confirmed(order: FbaOrderConfirmed, to: RecipientContext) -> MessageContent:
    _ = to.gettext
    headline = _("FBA order %(order)s is confirmed") % {"order": order.order_id}
    return MessageContent(
        headline=headline,
        subject=to.subject(headline),
        happened=_("An order that the marketplace ships for you (FBA) was confirmed."),
        facts=(Fact(_("Order ID"), order.order_id), Fact(_("Shipping method"), "FBA")),
        table=items_table(order.items, to),
        todo=(
            _("You do not need to ship anything: the fulfilment centre takes care of stock and shipping."),
            _("Do not process this order in your own shop system."),
        ),
        note=_("This message supplements the orders report, which stays the definitive source for your orders."),
        action=_("View the notification"),
    )


def _state(state: ShipmentState, to: RecipientContext) -> str:
    words = {
        ShipmentState.WORKING: to.pgettext("shipment state", "Being prepared"),
        ShipmentState.SHIPPED: to.pgettext("shipment state", "Shipped"),
        ShipmentState.IN_TRANSIT: to.pgettext("shipment state", "In transit"),
        ShipmentState.DELIVERED: to.pgettext("shipment state", "Delivered"),
        ShipmentState.CHECKED_IN: to.pgettext("shipment state", "Checked in"),
        ShipmentState.RECEIVING: to.pgettext("shipment state", "Being received"),
        ShipmentState.CLOSED: to.pgettext("shipment state", "Closed"),
        ShipmentState.CANCELLED: to.pgettext("shipment state", "Cancelled"),
        ShipmentState.ERROR: to.pgettext("shipment state", "Error"),
    }
    return words[state]


def fba_inbound_shipment(shipment: FbaInboundShipment, to: RecipientContext) -> MessageContent:
    _ = to.gettext
    state = _state(shipment.state, to)
    headline = _("Inbound shipment %(shipment)s: %(state)s") % {"shipment": shipment.shipment_id, "state": state}
    if shipment.state is ShipmentState.CLOSED and shipment.received != shipment.expected:
        todo = _("The quantity received differs from the quantity expected. Compare it with your packing records.")
    elif shipment.state is ShipmentState.ERROR:
        todo = _("Check the shipment and correct what is wrong with it.")
    else:
        todo = _("There is nothing you need to do now.")
    return MessageContent(
        headline=headline,
        subject=to.subject(headline),
        happened=_("The state of your shipment to the fulfilment centre is now “%(state)s”.") % {"state": state},
        facts=(
            Fact(_("Shipment ID"), shipment.shipment_id),
            Fact(to.pgettext("shipment", "State"), state),
            Fact(_("Quantity received"), f"{shipment.received:,}"),
            Fact(_("Quantity expected"), f"{shipment.expected:,}"),
        ),
        todo=(todo,),
        action=_("View the notification"),
    )
