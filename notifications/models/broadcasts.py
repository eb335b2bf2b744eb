"""Broadcasts that operators send to many seller accounts, and recalls of what was sent."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import MarketplaceRegion, Plan

from ..types.enums import BroadcastState


class Broadcast(models.Model):
    """One notice for an audience. While it is being sent, `cursor` holds the last seller account processed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    type = models.CharField(
        _("kind"),
        max_length=40,
        choices=[
            ("business_update", _("Business updates")),
            ("technical_notice", _("Technical notices")),
            ("coach_recommendations", _("Selling coach")),
            ("emergency_notice", _("Emergency notice")),
        ],
    )
    title_ja = models.CharField(_("title in Japanese"), max_length=300)
    title_en = models.CharField(_("title in English"), max_length=300)
    body_ja = models.TextField(_("text in Japanese"), max_length=10_000)
    body_en = models.TextField(_("text in English"), max_length=10_000)
    starts_at = models.DateTimeField(_("begins"), null=True, blank=True, help_text=_("Technical notices only."))
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True, help_text=_("Empty while nobody knows."))
    region_ja = models.CharField(
        _("where, in Japanese"), max_length=300, blank=True, help_text=_("Emergency notices only.")
    )
    region_en = models.CharField(
        _("where, in English"), max_length=300, blank=True, help_text=_("Emergency notices only.")
    )

    plans = ArrayField(
        models.CharField(max_length=16, choices=Plan), default=list, blank=True, verbose_name=_("selling plans")
    )
    languages = ArrayField(
        models.CharField(max_length=8, choices=settings.LANGUAGES),
        default=list,
        blank=True,
        verbose_name=_("languages"),
    )
    regions = ArrayField(
        models.CharField(max_length=4, choices=MarketplaceRegion),
        default=list,
        blank=True,
        verbose_name=_("marketplace regions"),
    )
    sellers = ArrayField(
        models.CharField(max_length=32),
        default=list,
        blank=True,
        verbose_name=_("sellers"),
        help_text=_("Seller IDs. Empty: all who fit the rest."),
    )

    state = models.CharField(
        _("state"), max_length=12, choices=BroadcastState, default=BroadcastState.DRAFT, editable=False
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("written by"),
        editable=False,
    )
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("released by"),
        editable=False,
    )
    submitted_at = models.DateTimeField(_("released"), null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("confirmed by"),
        help_text=_("The second operator of an emergency notice."),
        editable=False,
    )
    approved_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    scheduled_for = models.DateTimeField(
        _("send at"), null=True, blank=True, help_text=_("Empty: as soon as it is released.")
    )
    due_at = models.DateTimeField(null=True, editable=False, help_text=_("When its next chunk is to be sent."))
    started_at = models.DateTimeField(_("started"), null=True, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, editable=False)
    cursor = models.BigIntegerField(default=0, editable=False)
    total = models.PositiveIntegerField(_("sellers in all"), default=0, editable=False)
    done = models.PositiveIntegerField(_("sellers done"), default=0, editable=False)
    tries = models.PositiveSmallIntegerField(_("failed tries"), default=0, editable=False)
    problem = models.CharField(_("problem"), max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = _("broadcast")
        verbose_name_plural = _("broadcasts")
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=BroadcastState.values), name="broadcast_state_known"),
            models.CheckConstraint(
                condition=~models.Q(type="emergency_notice")
                | ~models.Q(state__in=[BroadcastState.SCHEDULED, BroadcastState.SENDING, BroadcastState.SENT])
                | models.Q(approved_at__isnull=False),
                name="broadcast_emergency_confirmed",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True)
                | models.Q(submitted_by__isnull=True)
                | ~models.Q(approved_by=models.F("submitted_by")),
                name="broadcast_two_operators",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="broadcast_due"),
        ]
        permissions = [
            ("send_broadcast", "Can release, schedule, stop and resume broadcasts"),
            ("approve_broadcast", "Can confirm an emergency notice that somebody else released"),
        ]

    def __str__(self) -> str:
        return self.title_ja or self.title_en


class Recall(models.Model):
    """The withdrawal of sent notices: the inbox shows the correction, and messages not yet sent are cancelled."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    broadcast = models.OneToOneField(
        Broadcast,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="recall",
        verbose_name=_("broadcast"),
        help_text=_("Empty: notices were chosen one by one."),
    )
    correction_ja = models.TextField(_("correction in Japanese"), max_length=2_000)
    correction_en = models.TextField(_("correction in English"), max_length=2_000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
        editable=False,
    )
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    due_at = models.DateTimeField(null=True, editable=False, help_text=_("Empty: every notice is marked."))
    cursor = models.UUIDField(null=True, editable=False)
    tells = models.BooleanField(
        _("tell the sellers"),
        default=False,
        db_default=False,
        help_text=_("Send the correction to every seller whom the notice reached by e-mail or LINE."),
    )
    told = models.PositiveIntegerField(_("sellers told of the correction"), default=0, db_default=0, editable=False)
    recalled = models.PositiveIntegerField(_("notices recalled"), default=0, editable=False)
    cancelled = models.PositiveIntegerField(_("messages that had not left"), default=0, editable=False)

    class Meta:
        verbose_name = _("recall")
        verbose_name_plural = _("recalls")
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="recall_due"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
