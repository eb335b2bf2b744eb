"""E-mail addresses of sellers, and the domains with the most suppressed addresses."""

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.admin.lists import ReadOnly
from notifications.address_health import explanations as failure_words
from notifications.address_health import failing_domains
from notifications.admin.shared.filters import FailureFilter
from notifications.admin.shared.pages import needs, page
from notifications.admin.shared.search import ListOfSellers
from notifications.models import Address


@admin.register(Address)
class AddressAdmin(ReadOnly, ListOfSellers):
    """Read-only: sellers edit addresses on their own pages, which record the history."""

    list_display = ("email", "account", "state", "why", "state_since", "next_try_at", "language", "added_at")
    list_filter = ("state", FailureFilter, "language")
    list_select_related = ("account",)
    search_help_text = gettext_lazy("E-mail address, seller ID or shop name")
    ordering = ("-added_at",)
    fields = (
        *("email", "account", "state", "state_since", "why", "failure_answer", "next_try_at", "language"),
        *("added_by", "added_at", "confirmed_at", "confirmation_sent_at", "confirmation_answer"),
    )
    readonly_fields = ("why",)
    change_form_template = "admin/notifications/address/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        return [
            path("domains/", self.admin_site.admin_view(domains), name="failing_domains"),
            *super().get_urls(),
        ]

    def walk(self, queryset: QuerySet[Address], term: str) -> QuerySet[Address]:
        by_email = Q(email__icontains=term)
        return queryset.filter(by_email if "@" in term else by_email | Q(account__name__icontains=term))

    @admin.display(description=gettext_lazy("why mail does not arrive"))
    def why(self, address: Address) -> str:
        return failure_words.reason(address.failure) if address.failure else ""


@needs("notifications.view_address")
@require_safe
def domains(request: HttpRequest) -> HttpResponse:
    """List domains by failures: a domain that refuses mail of many sellers often points to a fault of SellerHub."""
    return page(
        request,
        "address/domains.html",
        title=_("Failing addresses by domain"),
        domains=failing_domains.worst(),
        most=failing_domains.MAX_DOMAINS,
    )
