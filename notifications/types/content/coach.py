"""Message content of the selling coach: recommendations, and popular products out of stock."""

from ..payloads.coach import CoachRecommendations, OutOfStockWeekly, RecommendationKind, WantedProduct
from .message_content import Fact, MessageContent, Row, Table
from .orders import product_row
from .recipient_context import RecipientContext


def _kind(kind: RecommendationKind, to: RecipientContext) -> str:
    words = {
        RecommendationKind.STOCK: to.pgettext("recommendation", "Stock"),
        RecommendationKind.PRICE: to.pgettext("recommendation", "Price"),
        RecommendationKind.GROWTH: to.pgettext("recommendation", "Growth"),
    }
    return words[kind]


def coach_recommendations(coach: CoachRecommendations, to: RecipientContext) -> MessageContent:
    _ = to.gettext
    if not coach.recommendations:
        return _nothing(_("No new recommendations"), _("The selling coach has no recommendations now."), to)
    headline = to.own(coach.title) if coach.title else _("Recommendations for your shop")
    return MessageContent(
        headline=headline,
        subject=to.subject(headline),
        happened=_("The selling coach has new recommendations for your shop."),
        facts=(Fact(_("Number of recommendations"), f"{len(coach.recommendations)}"),),
        table=Table(
            (_("Recommendation"), to.pgettext("recommendation", "Area")),
            tuple(
                Row(
                    to.said(one.text),
                    _("SKU: %(sku)s") % {"sku": one.sku} if one.sku else "",
                    (_kind(one.kind, to),),
                )
                for one in coach.recommendations
            ),
        ),
        todo=(_("Look through them and apply the ones that suit your shop."),),
        action=_("View the notification"),
    )


def out_of_stock_weekly(week: OutOfStockWeekly, to: RecipientContext) -> MessageContent:
    _ = to.gettext
    if not week.products:
        return _nothing(
            _("No popular products out of stock"),
            _("None of your popular products is out of stock."),
            to,
        )
    headline = _("Products are out of stock")
    happened = _("These products of yours are out of stock, so buyers cannot buy them.")
    if any(product.views is not None for product in week.products):
        headline = _("Popular products are out of stock")
        happened = _("Buyers looked for these products of yours this week but could not buy them.")
    return MessageContent(
        headline=headline,
        subject=to.subject(headline),
        happened=happened,
        facts=(Fact(_("Products out of stock"), f"{len(week.products)}"),),
        table=_wanted(week.products, to),
        todo=(_("Restock the products you want to keep selling, and update their quantities."),),
        action=_("View the notification"),
    )


def _wanted(products: tuple[WantedProduct, ...], to: RecipientContext) -> Table:
    """Omit the column for views where no source counts them."""
    if all(product.views is None for product in products):
        return Table((to.gettext("Product"),), tuple(product_row(one.title, one.sku, (), to) for one in products))
    views = ["–" if product.views is None else f"{product.views:,}" for product in products]
    return Table(
        (to.gettext("Product"), to.pgettext("how often a product was looked at", "Views")),
        tuple(product_row(one.title, one.sku, (seen,), to) for one, seen in zip(products, views, strict=True)),
    )


def _nothing(headline: str, happened: str, to: RecipientContext) -> MessageContent:
    return MessageContent(
        headline=headline,
        subject=to.subject(headline),
        happened=happened,
        todo=(to.gettext("There is nothing you need to do now."),),
        action=to.gettext("View the notification"),
    )
