"""Notification preferences of a seller account. No row means the default of the notification type."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import SellerAccount

from ..types.definitions import TYPE_CHOICES
from .addresses import Address


class Preference(models.Model):
    """The preference for one notification type."""

    account = models.ForeignKey(
        SellerAccount, on_delete=models.CASCADE, related_name="preferences", verbose_name=_("seller account")
    )
    type = models.CharField(_("notification"), max_length=40, choices=TYPE_CHOICES)
    email = models.BooleanField(_("e-mail"), null=True, help_text=_("Empty: the catalogue's default."))
    line = models.BooleanField("LINE", null=True, help_text=_("Empty: the catalogue's default."))
    addresses = models.ManyToManyField(
        Address,
        through="PreferenceAddress",
        related_name="preferences",
        verbose_name=_("addresses"),
        help_text=_("None: the primary user's address."),
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("changed by"),
    )

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        constraints = [
            models.UniqueConstraint(fields=["account", "type"], name="preference_unique_per_type"),
        ]

    def __str__(self) -> str:
        return self.type


class PreferenceAddress(models.Model):
    """One address of one preference, in the order that the seller gave."""

    preference = models.ForeignKey(Preference, on_delete=models.CASCADE, related_name="destinations")
    address = models.ForeignKey(Address, on_delete=models.CASCADE, related_name="destinations")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["preference", "address"], name="preference_address_named_once"),
        ]

    def __str__(self) -> str:
        return str(self.address_id)
