"""Pauses that stop all sending by a channel."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..types.enums import Channel, PauseReason


class ChannelPause(models.Model):
    """A pause of one channel: until the row is deleted or `until` passes, nothing is sent and no attempt is counted."""

    channel = models.CharField(_("channel"), primary_key=True, max_length=8, choices=Channel)
    reason = models.CharField(_("reason"), max_length=16, choices=PauseReason)
    detail = models.CharField(_("the provider's words"), max_length=500, blank=True)
    since = models.DateTimeField(_("since"), default=timezone.now)
    until = models.DateTimeField(
        _("until"), null=True, blank=True, help_text=_("Empty: until the channel works again.")
    )

    class Meta:
        verbose_name = _("paused channel")
        verbose_name_plural = _("paused channels")

    def __str__(self) -> str:
        return self.channel
