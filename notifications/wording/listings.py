"""Listings."""

from ..payloads.listings import ListingClosed, ListingCreated
from .reader import Reader, shorten
from .story import Fact, Story


def listing_created(listing: ListingCreated, to: Reader) -> Story:
    _ = to.gettext
    headline = _("Listing created: %(title)s") % {"title": shorten(listing.title)}
    return Story(
        headline=headline,
        subject=to.subject(headline),
        happened=_("A listing was created in your shop."),
        facts=(Fact(_("Product"), listing.title), Fact(_("SKU"), listing.sku)),
        todo=(_("There is nothing you need to do. If nobody in your shop created it, check your members."),),
        action=_("View the notification"),
    )


def listing_closed(listing: ListingClosed, to: Reader) -> Story:
    _ = to.gettext
    headline = _("Listing closed: %(title)s") % {"title": shorten(listing.title)}
    return Story(
        headline=headline,
        subject=to.subject(headline),
        happened=_("A listing was closed, and buyers can no longer order the product."),
        facts=(
            Fact(_("Product"), listing.title),
            Fact(_("SKU"), listing.sku),
            Fact(_("Reason"), listing.why),
        ),
        todo=(_("To keep selling the product, resolve the reason first, then list it again."),),
        action=_("View the notification"),
    )
