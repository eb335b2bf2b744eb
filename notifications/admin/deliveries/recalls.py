"""Recall single notices from the list of notifications, and the list of recalls."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.admin.lists import LongList, ReadOnly
from accounts.models import User
from accounts.rule_violation import RuleViolationError
from notifications.models import Notification, Recall
from notifications.operations.redelivery.recalls import MAX_AT_ONCE, Correction, recall_notifications


class CorrectionForm(forms.Form):
    """The correction that replaces a recalled notice."""

    correction_ja = forms.CharField(
        label=gettext_lazy("Correction in Japanese"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6})
    )
    correction_en = forms.CharField(
        label=gettext_lazy("Correction in English"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6})
    )
    tells = forms.BooleanField(
        label=gettext_lazy("Send the correction to every seller whom the notice reached by e-mail or LINE"),
        required=False,
    )

    def __init__(self, *args: Any, can_tell: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not can_tell:
            del self.fields["tells"]

    def clean(self) -> dict[str, Any]:
        """Normalise line ends: browsers send CRLF."""
        cleaned = super().clean() or {}
        for name in ("correction_ja", "correction_en"):
            if name in cleaned:
                cleaned[name] = cleaned[name].replace("\r\n", "\n")
        return cleaned


class RecallsNotices(admin.ModelAdmin):
    """Adds the recall action to the list of notifications."""

    actions = ("take_back",)

    def has_recall_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("notifications.recall_notification")

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Add the recall button to the page of one notice."""
        may = {"may_recall": self.has_recall_permission(request)}
        return super().changeform_view(request, object_id, form_url, (extra_context or {}) | may)

    @admin.action(description=gettext_lazy("Take back the chosen notices…"), permissions=["recall"])
    def take_back(self, request: HttpRequest, queryset: QuerySet[Notification]) -> HttpResponse | None:
        """Ask for the correction, then recall the chosen notices."""
        ids = list(queryset.order_by("pk").values_list("pk", flat=True)[: MAX_AT_ONCE + 1])
        if len(ids) > MAX_AT_ONCE:
            messages.error(request, _("Choose %(most)s notices at the most.") % {"most": MAX_AT_ONCE})
            return None
        form = CorrectionForm(request.POST if "correction_ja" in request.POST else None, can_tell=False)
        if form.is_valid():
            correction = Correction(form.cleaned_data["correction_ja"], form.cleaned_data["correction_en"])
            try:
                recall = recall_notifications(ids, correction, by=cast(User, request.user))
            except RuleViolationError as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, _done(recall))
            return redirect("admin:notifications_notification_changelist")
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "media": self.media + forms.Media(css={"all": ("notifications/broadcasts.css",)}),
            "form": form,
            "ids": ids,
            "field": helpers.ACTION_CHECKBOX_NAME,
            "title": _("Take notices back"),
        }
        return render(request, "admin/notifications/recall.html", context, status=422 if form.is_bound else 200)


@admin.register(Recall)
class RecallAdmin(ReadOnly, LongList):
    list_display = ("at", "broadcast", "by", "recalled", "cancelled", "told")
    list_select_related = ("broadcast", "by")
    ordering = ("-at",)
    fields = (
        *("id", "broadcast", "by", "at", "correction_ja", "correction_en"),
        *("recalled", "cancelled", "tells", "told"),
    )


def _done(recall: Recall) -> str:
    taken_back = ngettext("%(count)s notice was taken back.", "%(count)s notices were taken back.", recall.recalled) % {
        "count": recall.recalled
    }
    stays = ngettext(
        "%(count)s message that had not left stays here.",
        "%(count)s messages that had not left stay here.",
        recall.cancelled,
    ) % {"count": recall.cancelled}
    return f"{taken_back} {stays}"
