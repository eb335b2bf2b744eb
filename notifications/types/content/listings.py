"""Message content about created and closed listings."""

from ..payloads.listings import ListingClosed, ListingCreated
from .message_content import Fact, MessageContent
from .recipient_context import RecipientContext, shorten


def product_facts(title: str | None, sku: str, to: RecipientContext) -> tuple[Fact, ...]:
    """Return the product's name and SKU; only the SKU where the source gave no name."""
    _ = to.gettext
    product = () if title is None else (Fact(_("Product"), title),)
    return (*product, Fact(_("SKU"), sku))


def listing_created(listing: ListingCreated, to: RecipientContext) -> MessageContent:
    _ = to.gettext
    headline = _("Listing created: %(title)s") % {"title": shorten(listing.title or listing.sku)}
    return MessageContent(
        headline=headline,
        subject=to.subject(headline),
        happened=_("A listing was created in your shop."),
        facts=product_facts(listing.title, listing.sku, to),
        todo=(_("There is nothing you need to do. If nobody in your shop created it, check your members."),),
        action=_("View the notification"),
    )


def listing_closed(listing: ListingClosed, to: RecipientContext) -> MessageContent:
    _ = to.gettext
    headline = _("Listing closed: %(title)s") % {"title": shorten(listing.title or listing.sku)}
    why = () if listing.why is None else (Fact(_("Reason"), to.said(listing.why)),)
    return MessageContent(
        headline=headline,
        subject=to.subject(headline),
        happened=_("A listing was closed, and buyers can no longer order the product."),
        facts=(*product_facts(listing.title, listing.sku, to), *why),
        todo=(_("To keep selling the product, resolve the reason first, then list it again."),),
        action=_("View the notification"),
    )
