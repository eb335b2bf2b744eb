"""Notifications, their deliveries by channel with failed attempts, skipped channels, and read marks."""

import uuid_utils.compat
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import SellerAccount

from ..types.definitions import TYPE_CHOICES
from ..types.enums import Channel, DeliveryStatus, Priority, Reason
from .addresses import Address
from .broadcasts import Recall
from .line import LineLink
from .sources import Source


class Notification(models.Model):
    """An event accepted for one seller account; also the entry in the notification inbox."""

    id = models.UUIDField(primary_key=True, default=uuid_utils.compat.uuid7, editable=False)
    account = models.ForeignKey(
        SellerAccount,
        on_delete=models.CASCADE,
        related_name="notifications",
        verbose_name=_("seller account"),
        db_index=False,
    )
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="+", verbose_name=_("source"), db_index=False
    )
    event_id = models.CharField(_("event ID"), max_length=200, help_text=_("The source's own id."))
    type = models.CharField(_("notification"), max_length=40, choices=TYPE_CHOICES)
    occurred_at = models.DateTimeField(_("occurred"))
    accepted_at = models.DateTimeField(_("accepted"), default=timezone.now)
    data = models.JSONField(_("data"), default=dict)
    references = models.TextField(
        _("references"),
        blank=True,
        help_text=_("Order IDs, SKUs and the like, in lower case, for the search."),
    )
    dedup_key = models.CharField(  # noqa: DJ001  (null keeps it out of the unique constraint)
        max_length=200, null=True, blank=True, help_text=_("Set when told: what must not be told twice.")
    )
    withheld = models.CharField(
        _("withheld"),
        max_length=24,
        choices=Reason,
        blank=True,
        help_text=_("Why it is told to nobody and not shown to the seller as news."),
    )

    recall = models.ForeignKey(
        Recall,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="notifications",
        verbose_name=_("recall"),
        help_text=_("Set when it was taken back."),
        db_index=False,
    )

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        permissions = [("recall_notification", "Can take back what was told")]
        constraints = [
            models.UniqueConstraint(fields=["source", "event_id"], name="notification_unique_event"),
            models.UniqueConstraint(
                fields=["account", "type", "dedup_key"],
                condition=models.Q(dedup_key__isnull=False),
                name="notification_told_once",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-id"], name="notification_newest"),
            models.Index(fields=["account", "type", "-id"], name="notification_newest_of_type"),
            models.Index(fields=["recall"], condition=models.Q(recall__isnull=False), name="notification_recalled"),
        ]

    def __str__(self) -> str:
        return f"{self.type} · {self.id}"


class SkippedRoute(models.Model):
    """A channel that was considered and not used, with the reason. A channel that is used has a `Delivery`."""

    notification = models.ForeignKey(
        Notification, on_delete=models.CASCADE, related_name="decisions", verbose_name=_("notification")
    )
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    address = models.ForeignKey(
        Address,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("address"),
        db_constraint=True,
    )
    recipient = models.CharField(_("recipient"), max_length=254, blank=True)
    reason = models.CharField(_("reason"), max_length=24, choices=Reason)
    detail = models.JSONField(
        default=dict, blank=True, help_text=_("Who switched it off and when, where somebody did.")
    )

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")

    def __str__(self) -> str:
        return f"{self.channel}: {self.reason}"


class Delivery(models.Model):
    """One notification to one destination by one channel."""

    id = models.UUIDField(primary_key=True, default=uuid_utils.compat.uuid7, editable=False)
    notification = models.ForeignKey(
        Notification,
        on_delete=models.CASCADE,
        related_name="deliveries",
        verbose_name=_("notification"),
        db_index=False,
    )
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    address = models.ForeignKey(
        Address,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="deliveries",
        verbose_name=_("address"),
        db_index=False,
    )
    link = models.ForeignKey(
        LineLink,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="deliveries",
        verbose_name=_("LINE link"),
        db_index=False,
    )
    recipient = models.CharField(_("recipient"), max_length=254, help_text=_("Address or LINE user ID."))
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    priority = models.SmallIntegerField(_("priority"), choices=Priority, default=Priority.NORMAL)
    status = models.CharField(_("status"), max_length=12, choices=DeliveryStatus, default=DeliveryStatus.QUEUED)
    due_at = models.DateTimeField(
        _("due"), default=timezone.now, help_text=_("A claim pushes it to the end of the lease.")
    )
    lease = models.UUIDField(null=True, blank=True, editable=False)
    tries = models.PositiveSmallIntegerField(_("failed tries"), default=0)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    completed_at = models.DateTimeField(_("settled"), null=True, blank=True)
    answer = models.CharField(_("the server's words"), max_length=500, blank=True)
    cause = models.CharField(
        _("cause"),
        max_length=24,
        blank=True,
        default="",
        db_default="",
        help_text=_("Why it did not arrive, in a word of ours."),
    )

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        permissions = [
            ("requeue_delivery", "Can have deliveries sent again"),
            ("cancel_delivery", "Can cancel deliveries that have not left"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["notification", "channel", "recipient"], name="delivery_unique_destination"
            ),
        ]
        indexes = [
            models.Index(
                fields=["channel", "priority", "due_at"],
                condition=models.Q(status=DeliveryStatus.QUEUED),
                name="delivery_due",
            ),
            models.Index(fields=["link"], condition=models.Q(link__isnull=False), name="delivery_by_link"),
            models.Index(fields=["address", "-id"], name="delivery_newest_of_address"),
            models.Index(fields=["address"], condition=models.Q(status=DeliveryStatus.HELD), name="delivery_held"),
            models.Index(
                fields=["status", "-id"],
                condition=models.Q(
                    status__in=[
                        DeliveryStatus.HELD,
                        DeliveryStatus.BOUNCED,
                        DeliveryStatus.FAILED,
                        DeliveryStatus.CANCELLED,
                    ]
                ),
                name="delivery_not_arrived",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Attempt(models.Model):
    """A failed attempt, with the provider's response."""

    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, related_name="attempts", verbose_name=_("delivery")
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    permanent = models.BooleanField(_("permanent"), default=False)
    code = models.PositiveSmallIntegerField(_("code"), null=True, blank=True)
    detail = models.CharField(_("the server's words"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")

    def __str__(self) -> str:
        return f"{self.code or ''} {self.detail}".strip()


class ReadMark(models.Model):
    """The mark that a user has read a notification."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    notification = models.ForeignKey(Notification, on_delete=models.CASCADE, related_name="read_marks")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "notification"], name="read_mark_once"),
        ]

    def __str__(self) -> str:
        return str(self.notification_id)


class ReadHorizon(models.Model):
    """Every notification up to this id counts as read by this user in this seller account."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    account = models.ForeignKey(SellerAccount, on_delete=models.CASCADE, related_name="+")
    up_to = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "account"], name="read_horizon_unique"),
        ]

    def __str__(self) -> str:
        return str(self.up_to)
