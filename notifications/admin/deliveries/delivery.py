"""Deliveries with their attempts: view, send again, cancel."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.lists import EndlessList, ReadOnly
from accounts.members.access import person
from notifications.admin.shared import search
from notifications.admin.shared.filters import CAUSES, AgeFilter, CauseFilter
from notifications.admin.shared.outcomes import tell_cancelled, tell_requeued
from notifications.channels import internal_reasons
from notifications.models import Attempt, Delivery, Notification
from notifications.operations.redelivery import cancel, requeue
from notifications.operations.redelivery.selection import MAX_AT_ONCE
from notifications.types.enums import DeliveryStatus

from . import failed_deliveries

_INDEXED_STATES = (*(DeliveryStatus.HELD, DeliveryStatus.BOUNCED, DeliveryStatus.FAILED, DeliveryStatus.CANCELLED),)
_NEWEST_OF_SELLER = 1_000
"""Newest notifications of a seller whose deliveries a search by seller ID finds."""


class AttemptInline(ReadOnly, admin.TabularInline):
    model = Attempt
    fields = ("at", "permanent", "code", "detail")
    ordering = ("pk",)


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly, EndlessList):
    list_display = (
        "created_at",
        "recipient",
        "type",
        "account",
        "status",
        "why",
        "tries",
        "due_at",
        "completed_at",
    )
    list_filter = (AgeFilter, "status", "channel", CauseFilter, "notification__type")
    list_select_related = ("notification__account",)
    search_fields = ("recipient",)
    search_help_text = gettext_lazy("The whole of an e-mail address, seller ID, delivery ID or notification ID")
    fields = (
        *("id", "notification", "seller", "type", "channel", "address", "link", "recipient", "language"),
        *("priority", "status", "why", "answer", "tries", "due_at", "created_at", "completed_at"),
    )
    readonly_fields = ("seller", "type", "why")
    inlines = (AttemptInline,)
    actions = ("send_again", "cancel")
    change_form_template = "admin/notifications/delivery/change_form.html"
    indexed = ("address__id__exact", "notification__id__exact")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("dead-letters/", view(failed_deliveries.index), name="dead_letters"),
            path("dead-letters/retry/", view(failed_deliveries.retry), name="retry_dead_letters"),
            *super().get_urls(),
        ]

    def is_indexed(self, lookup: str, value: str) -> bool:
        return super().is_indexed(lookup, value) or (lookup == "status__exact" and value in _INDEXED_STATES)

    @admin.display(description=gettext_lazy("notification"))
    def type(self, delivery: Delivery) -> str:
        return delivery.notification.get_type_display()

    @admin.display(description=gettext_lazy("seller account"))
    def account(self, delivery: Delivery) -> str:
        return str(delivery.notification.account)

    @admin.display(description=gettext_lazy("seller account"))
    def seller(self, delivery: Delivery) -> str:
        """Link to the seller account's page."""
        account = delivery.notification.account
        url = reverse("admin:accounts_selleraccount_change", args=[account.pk])
        return format_html('<a href="{}">{}</a>', url, account)

    @admin.display(description=gettext_lazy("cause"))
    def why(self, delivery: Delivery) -> str:
        """Return the reason in SellerHub's terms if there is one, else the provider's response."""
        cause = CAUSES.get(delivery.cause, delivery.cause)
        return str(cause) or internal_reasons.translated(delivery.answer) or delivery.answer

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Delivery], search_term: str
    ) -> tuple[QuerySet[Delivery], bool]:
        term = search.cleaned(search_term)
        if not term:
            return queryset, False
        if (some_id := search.as_uuid(term)) is not None:
            found = queryset.filter(pk=some_id)
            return found if found.exists() else queryset.filter(notification=some_id), False
        if (account := search.seller(term)) is not None:
            newest = Notification.objects.filter(account=account).order_by("-pk").values("pk")
            return queryset.filter(notification__in=newest[:_NEWEST_OF_SELLER]), False
        return queryset.filter(address__email__iexact=term), False

    def has_requeue_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("notifications.requeue_delivery")

    def has_cancel_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("notifications.cancel_delivery")

    @admin.action(description=gettext_lazy("Send again"), permissions=["requeue"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        chosen, are_more = _chosen(queryset)
        tell_requeued(request, requeue(chosen, by=person(request)))
        self._tell_of_more(request, are_more)

    @admin.action(description=gettext_lazy("Cancel"), permissions=["cancel"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        chosen, are_more = _chosen(queryset)
        tell_cancelled(request, cancel(chosen, by=person(request)))
        self._tell_of_more(request, are_more)

    def _tell_of_more(self, request: HttpRequest, are_more: bool) -> None:
        if are_more:
            sentence = _("%(most)s go at once: choose the others again.") % {"most": MAX_AT_ONCE}
            self.message_user(request, sentence, messages.WARNING)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        may = {
            "may_requeue": self.has_requeue_permission(request),
            "may_cancel": self.has_cancel_permission(request),
        }
        return super().changeform_view(request, object_id, form_url, (extra_context or {}) | may)


@admin.register(Attempt)
class AttemptAdmin(ReadOnly, EndlessList):
    list_display = ("at", "delivery", "recipient", "permanent", "code", "detail")
    list_filter = ("permanent",)
    list_select_related = ("delivery",)
    fields = ("delivery", "at", "permanent", "code", "detail")

    @admin.display(description=gettext_lazy("recipient"))
    def recipient(self, attempt: Attempt) -> str:
        return attempt.delivery.recipient


def _chosen(queryset: QuerySet[Delivery]) -> tuple[list[Any], bool]:
    ids = list(queryset.values_list("pk", flat=True)[: MAX_AT_ONCE + 1])
    return ids[:MAX_AT_ONCE], len(ids) > MAX_AT_ONCE
