"""The activity log of a seller account, visible to its members."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .seller import SellerAccount


class HistoryEntry(models.Model):
    """One action. `action` is a dotted key; the app that records it also has its sentence."""

    account = models.ForeignKey(
        SellerAccount, on_delete=models.CASCADE, related_name="history", verbose_name=_("seller account")
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    actor_name = models.CharField(max_length=120, blank=True)
    action = models.CharField(_("action"), max_length=48)
    detail = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("history entry")
        verbose_name_plural = _("history")
        indexes = [models.Index(fields=["account", "-at"], name="history_by_account")]

    def __str__(self) -> str:
        return f"{self.action} · {self.at:%Y-%m-%d %H:%M}"
