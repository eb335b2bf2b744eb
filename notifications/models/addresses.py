"""E-mail addresses, unsubscriptions and the emergency phone of a seller account."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from accounts.models import SellerAccount

from ..types.definitions import TYPE_CHOICES
from ..types.enums import AddressState


class Address(models.Model):
    """An e-mail destination of a seller account."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(
        SellerAccount, on_delete=models.CASCADE, related_name="addresses", verbose_name=_("seller account")
    )
    # Not an EmailField: its validator rejects addresses that carriers issued, such as a..b@docomo.ne.jp.
    email = models.CharField(_("e-mail address"), max_length=254, help_text=_("In its normal form."))
    state = models.CharField(_("state"), max_length=16, choices=AddressState, default=AddressState.UNCONFIRMED)
    state_since = models.DateTimeField(_("since"), default=timezone.now)
    language = models.CharField(
        _("language"),
        max_length=8,
        choices=settings.LANGUAGES,
        blank=True,
        help_text=_("Empty: the seller account's language."),
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("added by"),
    )
    added_at = models.DateTimeField(_("added"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True, editable=False)
    confirmation_due_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text=_("When the confirmation mail is to be sent or tried again."),
    )
    confirmation_tries = models.PositiveSmallIntegerField(default=0, editable=False)
    confirmation_sent_at = models.DateTimeField(_("confirmation mail sent"), null=True, blank=True, editable=False)
    confirmation_answer = models.CharField(_("the server's words"), max_length=300, blank=True, editable=False)

    trusted_since = models.DateTimeField(
        _("trusted since"),
        default=timezone.now,
        db_default=Now(),
        editable=False,
        help_text=_("What becomes known of mail that left before then no longer counts."),
    )
    failure = models.CharField(
        _("why mail does not arrive"), max_length=24, blank=True, db_default="", default="", editable=False
    )
    failure_answer = models.CharField(
        _("the server's words"), max_length=500, blank=True, db_default="", default="", editable=False
    )
    next_try_at = models.DateTimeField(_("next try"), null=True, blank=True, editable=False)
    probe = models.UUIDField(
        null=True, blank=True, editable=False, help_text=_("The held delivery that is tried although it fails.")
    )

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [
            models.UniqueConstraint("account", Lower("email"), name="address_unique_per_account"),
            models.CheckConstraint(condition=models.Q(state__in=AddressState.values), name="address_state_known"),
        ]
        indexes = [
            models.Index(
                fields=["confirmation_due_at"],
                condition=models.Q(confirmation_due_at__isnull=False),
                name="address_confirmation_due",
            ),
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(next_try_at__isnull=False),
                name="address_next_try",
            ),
            models.Index(
                fields=["state"],
                condition=~models.Q(state=AddressState.ACTIVE),
                name="address_not_active",
            ),
        ]

    def __str__(self) -> str:
        return self.email


class Unsubscription(models.Model):
    """An opt-out of one optional notification type by the recipient at one address."""

    address = models.ForeignKey(
        Address, on_delete=models.CASCADE, related_name="unsubscriptions", verbose_name=_("address")
    )
    type = models.CharField(_("notification"), max_length=40, choices=TYPE_CHOICES)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("unsubscription")
        verbose_name_plural = _("unsubscriptions")
        constraints = [
            models.UniqueConstraint(fields=["address", "type"], name="unsubscription_once"),
        ]

    def __str__(self) -> str:
        return f"{self.address_id} · {self.type}"


class EmergencyContact(models.Model):
    """The phone number called when a large-scale event affects orders or shipments. Never shown to buyers."""

    account = models.OneToOneField(
        SellerAccount,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="emergency_contact",
        verbose_name=_("seller account"),
    )
    phone = PhoneNumberField(_("emergency phone"))
    confirmed_at = models.DateTimeField(_("last confirmed"), default=timezone.now)
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
        verbose_name = _("emergency contact")
        verbose_name_plural = _("emergency contacts")
        permissions = [
            ("read_emergency_calls", "Can use the emergency call list and uncover its numbers"),
            ("export_emergency_calls", "Can export the emergency call list"),
        ]

    def __str__(self) -> str:
        return str(self.account)


class EmergencyNotice(models.Model):
    """An e-mail enqueued for the primary user: the emergency phone changed. The row is deleted once it is sent."""

    account = models.ForeignKey(
        SellerAccount, on_delete=models.CASCADE, related_name="+", verbose_name=_("seller account")
    )
    masked = models.CharField(
        _("phone"), max_length=40, blank=True, help_text=_("Masked. Empty: the number was removed.")
    )
    by_name = models.CharField(_("changed by"), max_length=120)
    at = models.DateTimeField(_("at"), default=timezone.now)
    due_at = models.DateTimeField(_("due"), default=timezone.now, db_index=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)

    class Meta:
        verbose_name = _("emergency notice")
        verbose_name_plural = _("emergency notices")

    def __str__(self) -> str:
        return str(self.account)
