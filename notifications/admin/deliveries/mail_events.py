"""Delivery events of e-mail, returned mail and replays; read-only."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from accounts.admin.lists import EndlessList, LongList, ReadOnly
from notifications.admin.shared import search
from notifications.admin.shared.filters import AgeFilter, ReasonFilter, WayFilter
from notifications.models import Address, MailReport, Replay, ReturnedMail

_MAX_ADDRESSES = 100
"""Several sellers may have the same address."""


@admin.register(MailReport)
class MailReportAdmin(ReadOnly, EndlessList):
    list_display = ("received_at", "kind", "reason", "permanent", "recipient", "way", "status", "text")
    list_filter = (AgeFilter, "kind", ReasonFilter, WayFilter, "permanent")
    search_fields = ("recipient",)
    search_help_text = gettext_lazy("The whole of an address or delivery ID")
    fields = (
        *("id", "way", "kind", "reason", "permanent", "recipient", "address", "delivery"),
        *("sent_at", "received_at", "code", "status", "text", "is_judged"),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[MailReport], search_term: str
    ) -> tuple[QuerySet[MailReport], bool]:
        term = search.cleaned(search_term)
        if not term:
            return queryset, False
        if (delivery_id := search.as_uuid(term)) is not None:
            return queryset.filter(delivery=delivery_id), False
        addresses = Address.objects.filter(email__iexact=term).values("pk")[:_MAX_ADDRESSES]
        return queryset.filter(address__in=addresses), False


@admin.register(ReturnedMail)
class ReturnedMailAdmin(ReadOnly, EndlessList):
    list_display = ("received_at", "outcome", "delivery_id", "sent_at", "tries", "due_at")
    list_filter = (AgeFilter,)
    search_fields = ("delivery_id__exact",)
    search_help_text = gettext_lazy("The whole of a delivery ID")
    fields = ("id", "delivery_id", "sent_at", "received_at", "due_at", "tries", "outcome")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ReturnedMail], search_term: str
    ) -> tuple[QuerySet[ReturnedMail], bool]:
        term = search.cleaned(search_term)
        if not term:
            return queryset, False
        delivery_id = search.as_uuid(term)
        return (queryset.filter(delivery_id=delivery_id) if delivery_id else queryset.none()), False


@admin.register(Replay)
class ReplayAdmin(ReadOnly, LongList):
    list_display = ("started_at", "account", "held_for", "mode", "total", "sent", "left_out", "finished_at", "by")
    list_filter = ("mode",)
    list_select_related = ("account", "held_for", "by")
    ordering = ("-started_at",)
    fields = (
        *("id", "account", "held_for", "to", "mode", "total", "sent", "left_out"),
        *("by", "started_at", "finished_at", "due_at", "tries"),
    )
