"""The audit log of operators' actions: separate from what members see, and never changed."""

import uuid_utils.compat
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .seller import SellerAccount


class OperatorAction(models.Model):
    """One action. `act` is a dotted key such as `delivery.requeued`."""

    id = models.UUIDField(primary_key=True, default=uuid_utils.compat.uuid7, editable=False)
    account = models.ForeignKey(
        SellerAccount,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("seller account"),
        help_text=_("Empty where the act concerned many, or when the shop was erased since."),
        db_index=False,
    )
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("operator"),
        help_text=_("Empty: a command of the shell, or somebody who is erased since."),
    )
    operator_name = models.CharField(_("operator"), max_length=120, blank=True)
    act = models.CharField(_("act"), max_length=48)
    detail = models.JSONField(_("detail"), default=dict, blank=True, help_text=_("Ids and numbers only."))
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("act of an operator")
        verbose_name_plural = _("acts of operators")
        indexes = [models.Index(fields=["account", "-id"], name="operator_act_of_account")]

    def __str__(self) -> str:
        return f"{self.act} · {self.at:%Y-%m-%d %H:%M}"
