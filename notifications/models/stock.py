"""The last known state of a seller account's listings and orders, to distinguish a change from a repeat."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import SellerAccount

from ..types.enums import ListingTrouble
from .sources import Source


class KnownListing(models.Model):
    """A listing as the sources last described it. An empty field was not given by any source.

    Each `*_as_of` field holds when the message behind that part arrived, so that a message read again weeks later does
    not overwrite newer data.
    """

    account = models.ForeignKey(
        SellerAccount, on_delete=models.CASCADE, related_name="+", verbose_name=_("seller account")
    )
    marketplace_id = models.CharField(_("marketplace ID"), max_length=32, blank=True)
    sku = models.CharField("SKU", max_length=64)
    asin = models.CharField("ASIN", max_length=20, blank=True)
    title = models.CharField(_("product name"), max_length=300, blank=True)
    is_open = models.BooleanField(_("open"), null=True, blank=True)
    quantity = models.PositiveIntegerField(_("quantity of the shop"), null=True, blank=True)
    fba_quantity = models.PositiveIntegerField(_("quantity of the marketplace (FBA)"), null=True, blank=True)
    out_of_stock_since = models.DateTimeField(_("out of stock since"), null=True, blank=True)
    views = models.PositiveIntegerField(_("views"), null=True, blank=True)
    trouble = models.CharField(
        _("trouble"), max_length=12, choices=ListingTrouble, blank=True, default=ListingTrouble.NONE, db_default=""
    )
    open_as_of = models.DateTimeField(null=True, blank=True, editable=False)
    trouble_as_of = models.DateTimeField(null=True, blank=True, editable=False)
    stock_as_of = models.DateTimeField(null=True, blank=True, editable=False)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)

    class Meta:
        verbose_name = _("known listing")
        verbose_name_plural = _("known listings")
        constraints = [
            models.UniqueConstraint(fields=["account", "marketplace_id", "sku"], name="known_listing_unique"),
        ]
        indexes = [
            models.Index(
                fields=["account"],
                condition=models.Q(out_of_stock_since__isnull=False),
                name="known_listing_out_of_stock",
            ),
            models.Index(fields=["account", "sku"], name="known_listing_by_sku"),
            models.Index(fields=["account", "asin"], condition=~models.Q(asin=""), name="known_listing_by_asin"),
        ]

    def __str__(self) -> str:
        return self.sku


class CartOrder(models.Model):
    """An order as the seller's own system last described it."""

    account = models.ForeignKey(
        SellerAccount, on_delete=models.CASCADE, related_name="+", verbose_name=_("seller account")
    )
    source = models.ForeignKey(
        Source, on_delete=models.CASCADE, related_name="+", verbose_name=_("source"), db_index=False
    )
    order_id = models.CharField(_("order ID"), max_length=64)
    status = models.CharField(_("status"), max_length=24)
    by_marketplace = models.BooleanField(_("the marketplace ships it (FBA)"), default=False)
    carrier = models.CharField(_("carrier"), max_length=80, blank=True, help_text=_("As the shop’s system names it."))
    marketplace_carrier = models.CharField(
        _("carrier at the marketplace"), max_length=80, blank=True, help_text=_("As the marketplace names it.")
    )
    tracking_number = models.CharField(_("tracking number"), max_length=80, blank=True)
    shipped_at = models.DateTimeField(_("shipped"), null=True, blank=True)
    remind_at = models.DateTimeField(
        _("reminder due"),
        null=True,
        blank=True,
        help_text=_("Shipped by a carrier that tracks, without a number."),
    )
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)

    class Meta:
        verbose_name = _("order of a shop’s own system")
        verbose_name_plural = _("orders of shops’ own systems")
        constraints = [
            models.UniqueConstraint(fields=["account", "order_id"], name="cart_order_unique"),
        ]
        indexes = [
            models.Index(
                fields=["remind_at"], condition=models.Q(remind_at__isnull=False), name="cart_order_reminder_due"
            ),
        ]

    def __str__(self) -> str:
        return self.order_id
