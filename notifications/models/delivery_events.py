"""Delivery events of e-mail (SMTP responses, returned mail, provider webhooks) and raw returned mail."""

import uuid_utils.compat
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..types.enums import BounceKind
from .addresses import Address
from .deliveries import Delivery


class MailReport(models.Model):
    """One delivery event of one e-mail. The status of the address is derived from these."""

    id = models.UUIDField(primary_key=True, default=uuid_utils.compat.uuid7, editable=False)
    key = models.CharField(
        max_length=120, unique=True, editable=False, help_text=_("The same news again has the same key.")
    )
    way = models.CharField(_("how it came"), max_length=16, help_text=_("smtp, mailbox, or the provider's name."))
    kind = models.CharField(_("kind"), max_length=12, choices=BounceKind)
    delivery = models.ForeignKey(
        Delivery,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name=_("delivery"),
    )
    address = models.ForeignKey(
        Address,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name=_("address"),
        db_index=False,
        # Removing an address locks its row; completing a delivery must not wait for that lock.
        db_constraint=False,
    )
    recipient = models.CharField(
        _("recipient"), max_length=254, blank=True, help_text=_("As the news names it; may be another one.")
    )
    sent_at = models.DateTimeField(_("the mail left"))
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    permanent = models.BooleanField(_("permanent"), default=False)
    reason = models.CharField(_("reason"), max_length=24, blank=True)
    code = models.PositiveSmallIntegerField(_("code"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=12, blank=True, help_text=_("Such as 5.2.2 (RFC 3463)."))
    text = models.CharField(_("the server's words"), max_length=500, blank=True)
    is_judged = models.BooleanField(_("judged"), default=False)

    class Meta:
        verbose_name = _("report about a mail")
        verbose_name_plural = _("reports about mail")
        indexes = [
            models.Index(fields=["address", "sent_at"], name="mail_report_of_address"),
            models.Index(fields=["id"], condition=models.Q(is_judged=False), name="mail_report_to_judge"),
            models.Index(fields=["received_at"], name="mail_report_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reason}".strip()


class ReturnedMail(models.Model):
    """A returned message as received at our return path; parsed by a task."""

    id = models.UUIDField(primary_key=True, default=uuid_utils.compat.uuid7, editable=False)
    delivery_id = models.UUIDField(
        _("delivery"), editable=False, help_text=_("Named by the return path, whatever the mail says.")
    )
    sent_at = models.DateTimeField(_("the mail left"))
    digest = models.CharField(max_length=64, editable=False)
    raw = models.BinaryField(editable=False)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    due_at = models.DateTimeField(_("due"), null=True, default=timezone.now, help_text=_("Empty: done."))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    outcome = models.CharField(_("outcome"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("returned mail")
        verbose_name_plural = _("returned mail")
        constraints = [
            models.UniqueConstraint(fields=["delivery_id", "digest"], name="returned_mail_once"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="returned_mail_due"),
            models.Index(fields=["received_at"], name="returned_mail_by_age"),
        ]

    def __str__(self) -> str:
        return str(self.id)
