"""Help page about orders: which may be shipped, what to do afterwards, and what buyers ask."""

from django.utils.translation import gettext as _

from .carriers import carriers
from .page import Link, Page, Section


def page() -> Page:
    return Page(
        "orders",
        "box",
        _("Orders and shipping"),
        _("Which orders may be shipped, what to do afterwards, and what to answer buyers."),
        (*_shipping(), *_own_system(), *_wishes(), *_trouble(), _messages()),
    )


def _shipping() -> tuple[Section, ...]:
    return (
        Section(
            "pending",
            _("Which orders may be shipped?"),
            (
                _(
                    "Only confirmed ones. In order management they stand as unshipped; ship each of them by its"
                    " ship-by date."
                ),
                _(
                    "An order is pending while its payment is not approved, or while a payment at a convenience"
                    " store is awaited. Do not ship a pending order, even if the buyer asks you to."
                ),
                _("We tell you about an order when it is confirmed. Until then you need not do anything."),
            ),
            links=(Link(_("Order notifications"), "types", "orders"),),
        ),
        Section(
            "report",
            _("Is the notification enough to process an order?"),
            (
                _(
                    "No, it supplements the orders report. Check products and delivery address in order management"
                    " or in the report; they are the definitive source. Each e-mail holds one order."
                ),
            ),
        ),
        Section(
            "confirming",
            _("What must I do after shipping?"),
            steps=(
                _("Open the order on the marketplace’s side."),
                _("Choose the carrier that you really used."),
                _("Enter the tracking number. Wherever the shipping method has one, it is required."),
                _("Confirm the shipment."),
            ),
            after=(
                _(
                    "Until then the order counts as not shipped. That raises your late shipment rate, and a"
                    " missing number lowers your valid tracking rate."
                ),
            ),
            links=(
                Link(_("Late shipment rate"), "health", "late-shipment"),
                Link(_("Valid tracking rate"), "health", "tracking"),
            ),
        ),
    )


def _own_system() -> tuple[Section, ...]:
    return (
        Section(
            "own-system",
            _("I use a shop system of my own. What must I know?"),
            points=(
                _(
                    "A tracking number that you enter in your shop system does not reach the marketplace. Enter it"
                    " on the marketplace’s side."
                ),
                _(
                    "If you confirm the shipment on the marketplace’s side first, your system follows by itself"
                    " after a while. Do not mark the order as shipped there in the meantime."
                ),
                _(
                    "Handle returns on the marketplace’s side. After a while the order stands as returned in your"
                    " system, too."
                ),
                _("The marketplace passes on only part of a buyer’s personal data, to protect it."),
            ),
        ),
        Section(
            "sync-failed",
            _("An order says “sync failed” (連携失敗)"),
            (
                _(
                    "Your shop system marked it as shipped before it had heard that the shipment was confirmed on"
                    " the marketplace’s side."
                ),
                _(
                    "The state cannot be changed in your system afterwards, and that does no harm: confirm the"
                    " shipment on the marketplace’s side, and the order is complete."
                ),
            ),
        ),
        carriers(),
        Section(
            "fba",
            _("What about FBA orders?"),
            (
                _(
                    "The marketplace keeps the stock and ships. There is nothing to ship for you, and nothing to"
                    " process in your own shop system, where these orders show FBA as the shipping method."
                ),
                _(
                    "Do not connect FBA products to your shop system: they could be offered a second time, as"
                    " products that you ship yourself."
                ),
            ),
            links=(Link(_("FBA order confirmed"), "types", "fba_order_confirmed"),),
        ),
    )


def _wishes() -> tuple[Section, ...]:
    return (
        Section(
            "changes",
            _("A buyer wants to change the order"),
            (
                _(
                    "Sellers cannot change price, quantity or delivery address. The buyer can, in their own"
                    " account, within about five minutes of ordering. This applies to orders"
                    " that you ship yourself."
                ),
                _("After that, ask the buyer to cancel the order and to order again."),
            ),
        ),
        Section(
            "cancelling",
            _("A buyer asks to cancel an order that is not shipped yet"),
            (
                _(
                    "Do not ship it before you have decided. If you agree, cancel the order in order management."
                    " If it is on its way already, confirm the shipment and tell the buyer how to return it."
                ),
            ),
        ),
        Section(
            "receipt",
            _("A buyer asks for a receipt"),
            (
                _(
                    "The marketplace issues it in your place, with your shop’s name on it. The buyer can print it"
                    " from the details of the order in their own account."
                ),
            ),
        ),
        Section(
            "price",
            _("A buyer asks about the price or the payment"),
            (
                _(
                    "What the order cost stands in order management and in the orders report. You see neither what"
                    " else the buyer bought at the same time, nor points used, nor the number for a payment at a"
                    " convenience store. For these, send the buyer to the marketplace’s customer service."
                ),
            ),
        ),
        Section(
            "combined",
            _("May I ship several orders of a buyer together?"),
            (
                _(
                    "Yes, if they go to the same address. Each stays an order of its own: confirm the shipment of"
                    " each, and refund the buyer the shipping costs that were saved."
                ),
            ),
        ),
    )


def _trouble() -> tuple[Section, ...]:
    return (
        Section(
            "partial",
            _("I cannot ship a part of an order"),
            (_("There are two ways; in both, tell the buyer first."),),
            points=(
                _("The buyer cancels the whole order, and orders again what you can ship."),
                _(
                    "If the buyer agrees, you ship the rest, confirm the shipment of the whole order, and refund"
                    " at the same time what is missing."
                ),
            ),
        ),
        Section(
            "not-arrived",
            _("A buyer has not received the goods"),
            (_("Look for a solution that the buyer agrees to:"),),
            points=(
                _("Ask the carrier. With a tracking number or an insurance it can search or compensate."),
                _("Ask the buyer to wait a little. They may open a claim in the meantime."),
            ),
            after=(
                _("When a claim was opened, answer it by the date in the notification."),
                _("Whatever you choose, the buyer can rate the order."),
            ),
            links=(Link(_("Claim opened"), "types", "claim_opened"),),
        ),
        Section(
            "returns",
            _("A shipment came back, or a buyer returns it"),
            (
                _("If it could not be delivered or was not accepted, refund the buyer."),
                _(
                    "If the buyer asks to return it, answer by the date in the notification. When the goods have"
                    " come back, refund the buyer on the marketplace’s side."
                ),
            ),
            links=(Link(_("Return requested"), "types", "return_requested"),),
        ),
        Section(
            "unknown",
            _("A buyer asks about an order that I cannot find"),
            (
                _(
                    "Search order management for the order ID or the buyer’s e-mail address. A pending order"
                    " stands in the orders report as pending."
                ),
                _(
                    "Buyers sometimes mean an order from another seller. Then send them to the marketplace’s"
                    " customer service."
                ),
            ),
        ),
    )


def _messages() -> Section:
    return Section(
        "messages",
        _("How do I reach a buyer, and how fast must I answer?"),
        (
            _("In order management, open the order and the buyer’s name: a form writes to the buyer."),
            _("Answer messages within 24 hours. The marketplace counts how fast you do."),
            _(
                "If a buyer does not answer you, name a day, and say that you will cancel the order if you hear"
                " nothing by then."
            ),
        ),
        links=(Link(_("Answering buyers within 24 hours"), "health", "buyers"),),
    )
