"""What sellers chose, for operators."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin_lists import LongList, ReadOnly

from ..models import Preference, PreferenceAddress


class DestinationInline(ReadOnly, admin.TabularInline):
    """The chosen addresses of one preference."""

    model = PreferenceAddress
    fields = ("address", "position")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PreferenceAddress]:
        return super().get_queryset(request).select_related("address")


@admin.register(Preference)
class PreferenceAdmin(ReadOnly, LongList):
    """What sellers chose, where they chose at all. Their own pages keep the history."""

    list_display = ("account", "type", "email", "line", "named", "changed_at", "changed_by")
    list_filter = ("type", "email")
    list_select_related = ("account", "changed_by")
    search_fields = ("account__public_id", "account__name")
    search_help_text = _("Seller ID or shop name")
    ordering = ("-changed_at",)
    fields = ("account", "type", "email", "line", "version", "changed_at", "changed_by")
    inlines = (DestinationInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Preference]:
        return super().get_queryset(request).annotate(named=Count("destinations"))

    @admin.display(description=_("addresses"))
    def named(self, preference: Preference) -> int:
        return preference.named  # type: ignore[attr-defined]
