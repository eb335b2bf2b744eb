"""What was told, to whom, by which road: to look at, not to touch."""

from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin_lists import LongList, ReadOnly
from accounts.models import SellerAccount

from ..models import Attempt, Decision, Delivery, Notification, Source
from .recalls import RecallsNotices


class DeliveryInline(ReadOnly, admin.TabularInline):
    model = Delivery
    fields = ("channel", "recipient", "language", "status", "tries", "due_at", "settled_at", "answer")
    ordering = ("pk",)
    show_change_link = True


class DecisionInline(ReadOnly, admin.TabularInline):
    model = Decision
    fields = ("channel", "recipient", "reason", "detail")
    ordering = ("pk",)


class AttemptInline(ReadOnly, admin.TabularInline):
    model = Attempt
    fields = ("at", "permanent", "code", "detail")
    ordering = ("pk",)


@admin.register(Notification)
class NotificationAdmin(ReadOnly, RecallsNotices, LongList):
    list_display = ("accepted_at", "type", "account", "event_key", "source", "withheld")
    list_filter = ("type", "withheld", "source")
    list_select_related = ("account", "source")
    search_fields = ("event_key",)
    search_help_text = _("The whole of a notification ID, seller ID or event ID")
    fields = (
        *("id", "account", "source", "event_key", "type", "occurred_at", "accepted_at"),
        *("withheld", "told_once_key", "recall", "data"),
    )
    inlines = (DeliveryInline, DecisionInline)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Notification], search_term: str
    ) -> tuple[QuerySet[Notification], bool]:
        """Whole ids alone, each by its index: parts of them would be looked for in every row."""
        term = search_term.strip().replace("\x00", "")
        if not term:
            return queryset, False
        if (notification_id := _uuid(term)) is not None:
            return queryset.filter(pk=notification_id), False
        account = SellerAccount.objects.filter(public_id=term.upper()).first()
        if account is not None:
            return queryset.filter(account=account), False
        return queryset.filter(source__in=Source.objects.all(), event_key=term), False


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly, LongList):
    list_display = (
        "created_at",
        "recipient",
        "type",
        "account",
        "status",
        "tries",
        "due_at",
        "settled_at",
        "answer",
    )
    list_filter = ("status", "channel", "priority")
    list_select_related = ("notification__account",)
    search_fields = ("recipient",)
    search_help_text = _("The whole of an e-mail address, delivery ID or notification ID")
    fields = (
        *("id", "notification", "channel", "address", "recipient", "language", "priority"),
        *("status", "tries", "due_at", "created_at", "settled_at", "answer"),
    )
    inlines = (AttemptInline,)

    @admin.display(description=_("notification"))
    def type(self, delivery: Delivery) -> str:
        return delivery.notification.get_type_display()

    @admin.display(description=_("seller account"))
    def account(self, delivery: Delivery) -> str:
        return str(delivery.notification.account)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Delivery], search_term: str
    ) -> tuple[QuerySet[Delivery], bool]:
        term = search_term.strip().replace("\x00", "")
        if not term:
            return queryset, False
        if (some_id := _uuid(term)) is not None:
            found = queryset.filter(pk=some_id)
            return found if found.exists() else queryset.filter(notification=some_id), False
        return queryset.filter(address__email__iexact=term), False


@admin.register(Decision)
class DecisionAdmin(ReadOnly, LongList):
    list_display = ("id", "notification", "account", "channel", "recipient", "reason")
    list_filter = ("reason", "channel")
    list_select_related = ("notification__account",)
    fields = ("notification", "channel", "address", "recipient", "reason", "detail")

    @admin.display(description=_("seller account"))
    def account(self, decision: Decision) -> str:
        return str(decision.notification.account)


@admin.register(Attempt)
class AttemptAdmin(ReadOnly, LongList):
    list_display = ("at", "delivery", "recipient", "permanent", "code", "detail")
    list_filter = ("permanent",)
    list_select_related = ("delivery",)
    fields = ("delivery", "at", "permanent", "code", "detail")

    @admin.display(description=_("recipient"))
    def recipient(self, attempt: Attempt) -> str:
        return attempt.delivery.recipient


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
