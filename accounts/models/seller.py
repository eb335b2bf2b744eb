"""Seller accounts (shops) and their members."""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..roles import Role, may_edit_notifications, may_manage_members
from ..timezones import validate_time_zone

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_public_id() -> str:
    """Return a new public ID: 14 letters and digits, 70 random bits, without characters that look alike."""
    return "".join(secrets.choice(_ALPHABET) for _i in range(14))


class Plan(models.TextChoices):
    """The selling plan."""

    INDIVIDUAL = "individual", pgettext_lazy("selling plan", "Individual")
    PROFESSIONAL = "professional", pgettext_lazy("selling plan", "Professional")


class MarketplaceRegion(models.TextChoices):
    """The marketplace's regions, with Japan as a region of its own."""

    JAPAN = "jp", pgettext_lazy("marketplace region", "Japan")
    NORTH_AMERICA = "na", pgettext_lazy("marketplace region", "North America")
    EUROPE = "eu", pgettext_lazy("marketplace region", "Europe")
    FAR_EAST = "fe", pgettext_lazy("marketplace region", "Asia and Australia")


class SellerAccount(models.Model):
    """A shop on the marketplace. Preferences, addresses and links belong to it, not to a user."""

    public_id = models.CharField(_("seller ID"), max_length=32, unique=True, default=new_public_id, editable=False)
    name = models.CharField(_("shop name"), max_length=120)
    plan = models.CharField(_("selling plan"), max_length=16, choices=Plan, default=Plan.INDIVIDUAL)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    time_zone = models.CharField(
        _("time zone"), max_length=64, default=settings.TIME_ZONE, validators=[validate_time_zone]
    )
    region = models.CharField(
        _("marketplace region"),
        max_length=4,
        choices=MarketplaceRegion,
        default=MarketplaceRegion.JAPAN,
        db_default=MarketplaceRegion.JAPAN,
    )
    created_at = models.DateTimeField(_("opened"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("seller account")
        verbose_name_plural = _("seller accounts")

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """The membership of a user in a seller account."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(
        SellerAccount, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("seller account")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("user"),
    )
    role = models.CharField(_("role"), max_length=16, choices=Role, default=Role.SECONDARY)
    edits_notifications = models.BooleanField(_("may edit notification settings"), default=False)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(fields=["account", "user"], name="membership_unique_per_user"),
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(role=Role.PRIMARY), name="membership_one_primary"
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.account}"

    @property
    def is_primary(self) -> bool:
        return self.role == Role.PRIMARY

    @property
    def may_manage_members(self) -> bool:
        return may_manage_members(self.role)

    @property
    def may_edit_notifications(self) -> bool:
        return may_edit_notifications(self.role, granted=self.edits_notifications)
