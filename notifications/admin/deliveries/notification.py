"""Notifications with their deliveries and skipped routes; read-only apart from the recall."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from accounts.admin.lists import EndlessList, ReadOnly
from notifications.admin.shared import search
from notifications.admin.shared.filters import AgeFilter
from notifications.models import Delivery, Notification, SkippedRoute, Source

from . import previews
from .recalls import RecallsNotices


class DeliveryInline(ReadOnly, admin.TabularInline):
    model = Delivery
    fields = ("channel", "recipient", "language", "status", "tries", "due_at", "completed_at", "answer")
    ordering = ("pk",)
    show_change_link = True


class DecisionInline(ReadOnly, admin.TabularInline):
    model = SkippedRoute
    fields = ("channel", "recipient", "reason", "detail")
    ordering = ("pk",)


@admin.register(Notification)
class NotificationAdmin(ReadOnly, RecallsNotices, EndlessList):
    list_display = ("accepted_at", "type", "account", "event_id", "source", "withheld")
    list_filter = (AgeFilter, "type", "withheld")
    list_select_related = ("account", "source")
    indexed = ("account__id__exact",)
    search_fields = ("event_id",)
    search_help_text = _("The whole of a notification ID, seller ID or event ID")
    fields = (
        *("id", "account", "source", "event_id", "type", "occurred_at", "accepted_at"),
        *("withheld", "dedup_key", "recall", "data"),
    )
    inlines = (DeliveryInline, DecisionInline)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        one = "previews/<slug:type_key>/<slug:language>/"
        return [
            path("previews/", view(previews.index), name="previews"),
            path(one, view(previews.preview), name="preview"),
            path(f"{one}mail/", view(previews.mail), name="preview_mail"),
            path(f"{one}site/", view(previews.site), name="preview_site"),
            *super().get_urls(),
        ]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Notification], search_term: str
    ) -> tuple[QuerySet[Notification], bool]:
        term = search.cleaned(search_term)
        if not term:
            return queryset, False
        if (notification_id := search.as_uuid(term)) is not None:
            return queryset.filter(pk=notification_id), False
        if (account := search.seller(term)) is not None:
            return queryset.filter(account=account), False
        return queryset.filter(source__in=Source.objects.all(), event_id=term), False


@admin.register(SkippedRoute)
class DecisionAdmin(ReadOnly, EndlessList):
    list_display = ("id", "notification", "account", "channel", "recipient", "reason")
    list_filter = ("reason", "channel")
    list_select_related = ("notification__account",)
    fields = ("notification", "channel", "address", "recipient", "reason", "detail")

    @admin.display(description=_("seller account"))
    def account(self, decision: SkippedRoute) -> str:
        return str(decision.notification.account)
