"""Emergency phones: masked lists for every operator, and the call list for those with its permission."""

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.admin.lists import ReadOnly
from accounts.members.access import person
from accounts.models import MarketplaceRegion
from notifications.admin.shared.pages import needs, page
from notifications.admin.shared.search import ListOfSellers
from notifications.models import EmergencyContact, EmergencyNotice
from notifications.operations import emergency_call_list
from notifications.operations.emergency_call_list import Page, Search
from notifications.recipients.emergency_phone import masked

_MAX_PAGES = 10_000


@admin.register(EmergencyContact)
class EmergencyContactAdmin(ReadOnly, ListOfSellers):
    """Lists who has an emergency phone. Numbers are masked: reading them needs a permission of its own."""

    list_display = ("account", "masked_phone", "confirmed_at", "changed_at", "changed_by")
    hidden = ("phone",)
    list_select_related = ("account", "changed_by")
    ordering = ("-changed_at",)
    fields = ("account", "masked_phone", "confirmed_at", "changed_at", "changed_by")
    readonly_fields = ("masked_phone",)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("calls/", view(index), name="emergency_calls"),
            path("calls/<int:account_id>/uncover/", view(uncover), name="uncover_emergency_call"),
            path("calls/export/", view(export), name="export_emergency_calls"),
            *super().get_urls(),
        ]

    @admin.display(description=gettext_lazy("emergency phone"))
    def masked_phone(self, contact: EmergencyContact) -> str:
        return masked(contact.phone)


@admin.register(EmergencyNotice)
class EmergencyNoticeAdmin(ReadOnly, ListOfSellers):
    """Enqueued messages about a changed emergency phone."""

    list_display = ("account", "masked", "by_name", "at", "due_at", "tries")
    list_select_related = ("account",)
    ordering = ("due_at",)


@needs("notifications.read_emergency_calls")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Search by region and shop; every search is recorded in the operator log."""
    search = _search(request.GET)
    return _draw(request, search, emergency_call_list.look(search, by=person(request)))


@needs("notifications.read_emergency_calls")
@require_POST
def uncover(request: HttpRequest, account_id: int) -> HttpResponse:
    """Show one number; the response is not cached."""
    search = _search(request.POST)
    found = emergency_call_list.uncover(search, account_id, by=person(request))
    if found is None:
        raise Http404
    return _draw(request, search, found)


@needs("notifications.export_emergency_calls")
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Return everything that the search finds, with numbers, as CSV for Excel."""
    body = emergency_call_list.export(_search(request.POST), by=person(request))
    name = f"emergency-calls-{timezone.localtime():%Y%m%d-%H%M}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(body, content_type="text/csv; charset=utf-8", headers=headers)


def _search(asked: dict[str, str]) -> Search:
    number = asked.get("page", "1")
    pages = int(number[:6]) if number.isdecimal() else 1
    return Search(
        region=asked.get("region", "") if asked.get("region", "") in MarketplaceRegion.values else "",
        words=asked.get("q", "")[:120],
        page=min(max(pages, 1), _MAX_PAGES),
    )


def _draw(request: HttpRequest, search: Search, found: Page) -> HttpResponse:
    response = page(
        request,
        "emergencycontact/calls.html",
        title=_("Emergency call list"),
        search=search,
        found=found,
        regions=MarketplaceRegion.choices,
        most=emergency_call_list.MAX_EXPORTED,
    )
    response["Cache-Control"] = "no-store"
    return response
