"""The webhook log: the newest events of every external system, with a link to each complete list."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.admin.utils import label_for_field
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from notifications.admin.shared.filters import CAUSES
from notifications.admin.shared.pages import needs, page
from notifications.line_bot.quota import known_quota
from notifications.models import LineEvent, MailReport, ReturnedMail, SourceMessage

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of event, with its own table."""

    title: str | Promise
    model: type[Model]
    newest_first: str
    columns: tuple[str, ...]

    def newest(self) -> QuerySet[Any]:
        rows = self.model._default_manager.order_by(self.newest_first)
        # Bodies may be large.
        return rows.defer("raw")[:SHOWN] if self.model in (ReturnedMail, SourceMessage) else rows[:SHOWN]


KINDS = (
    Kind(gettext_lazy("LINE"), LineEvent, "-received_at", ("received_at", "type", "outcome", "tries")),
    Kind(
        gettext_lazy("Mail providers and mail servers"),
        MailReport,
        "-received_at",
        ("received_at", "way", "kind", "reason", "text"),
    ),
    Kind(gettext_lazy("Mail that came back"), ReturnedMail, "-received_at", ("received_at", "outcome", "tries")),
    Kind(
        gettext_lazy("Sources with formats of their own"),
        SourceMessage,
        "-pk",
        ("received_at", "type", "state", "reason", "detail"),
    ),
)


@needs("notifications.view_lineevent")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    kinds = [_drawn(kind) for kind in KINDS if request.user.has_perm(_permission(kind.model))]
    return page(request, "lineevent/webhooks.html", title=_("Webhook log"), kinds=kinds, shown=SHOWN, quota=_quota())


def _quota() -> str:
    """Describe the LINE messages used this month; empty where LINE is not configured."""
    if settings.LINE is None:
        return ""
    quota = known_quota()
    if quota is None:
        return _("LINE has not told yet how many messages of this month are used up. It is asked every hour.")
    if quota.limit is None:
        return _("%(used)s LINE messages were sent this month; there is no limit.") % {"used": f"{quota.used:,}"}
    used = {"used": f"{quota.used:,}", "limit": f"{quota.limit:,}"}
    return _("%(used)s of %(limit)s LINE messages of this month are used up.") % used


def _drawn(kind: Kind) -> dict[str, Any]:
    model = kind.model._meta
    name = f"admin:{model.app_label}_{model.model_name}"
    return {
        "title": kind.title,
        "list": reverse(f"{name}_changelist"),
        "columns": [label_for_field(column, kind.model) for column in kind.columns],
        "rows": [
            {
                "url": reverse(f"{name}_change", args=[row.pk]),
                "cells": [_cell(row, column) for column in kind.columns],
            }
            for row in kind.newest()
        ],
    }


def _cell(row: Model, column: str) -> Any:
    if column == "reason" and isinstance(row, MailReport):
        return CAUSES.get(row.reason, row.reason)
    shown = getattr(row, f"get_{column}_display", None)
    return shown() if shown else getattr(row, column)


def _permission(model: type[Model]) -> str:
    return f"{model._meta.app_label}.view_{model._meta.model_name}"
