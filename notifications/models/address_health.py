"""Work after e-mail to an address fails: failure notices, test messages and replays of held notifications."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import SellerAccount

from ..types.enums import Channel, ReplayMode
from .addresses import Address


class FailureNotice(models.Model):
    """A notice to the primary user that e-mail fails, sent by a working channel; at most one per day and channel."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(
        SellerAccount, on_delete=models.CASCADE, related_name="+", verbose_name=_("seller account")
    )
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    day = models.DateField(_("day"))
    due_at = models.DateTimeField(_("due"), null=True, default=timezone.now, help_text=_("Empty: done."))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    outcome = models.CharField(_("outcome"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("notice of a failure")
        verbose_name_plural = _("notices of failures")
        constraints = [
            models.UniqueConstraint(fields=["account", "channel", "day"], name="failure_notice_once_a_day"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="failure_notice_due"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} · {self.account_id} · {self.day}"


class AddressTestMessage(models.Model):
    """A test message enqueued for an address. The row is deleted once the e-mail is sent."""

    address = models.ForeignKey(Address, on_delete=models.CASCADE, related_name="+", verbose_name=_("address"))
    by_name = models.CharField(_("by"), max_length=120)
    due_at = models.DateTimeField(_("due"), default=timezone.now, db_index=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)

    class Meta:
        verbose_name = _("test mail")
        verbose_name_plural = _("test mails")

    def __str__(self) -> str:
        return str(self.address_id)


class Replay(models.Model):
    """A user's choice for the notifications held for an address: send all, send one summary, or leave them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(
        SellerAccount, on_delete=models.CASCADE, related_name="replays", verbose_name=_("seller account")
    )
    held_for = models.ForeignKey(
        Address,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("held for"),
    )
    to = models.ForeignKey(Address, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("sent to"))
    mode = models.CharField(_("what is done"), max_length=8, choices=ReplayMode)
    up_to = models.UUIDField(editable=False, help_text=_("Deliveries up to this one."))
    total = models.PositiveIntegerField(_("notifications"), default=0)
    sent = models.PositiveIntegerField(_("sent"), default=0)
    left_out = models.PositiveIntegerField(_("left out"), default=0, help_text=_("By now untrue or too old."))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("chosen by"),
    )
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, default=timezone.now, help_text=_("Empty: done."))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)

    class Meta:
        verbose_name = _("replay")
        verbose_name_plural = _("replays")
        constraints = [
            models.UniqueConstraint(
                fields=["held_for"], condition=models.Q(finished_at__isnull=True), name="replay_one_at_a_time"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="replay_due"),
        ]

    def __str__(self) -> str:
        return f"{self.mode} · {self.held_for_id}"

    @property
    def done(self) -> int:
        return self.sent + self.left_out
