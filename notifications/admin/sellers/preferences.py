"""Notification preferences that sellers saved; read-only."""

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.lists import ReadOnly
from notifications.admin.shared.search import ListOfSellers
from notifications.models import Preference, PreferenceAddress


class DestinationInline(ReadOnly, admin.TabularInline):
    """The recipients of one preference."""

    model = PreferenceAddress
    fields = ("address", "position")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PreferenceAddress]:
        return super().get_queryset(request).select_related("address")


@admin.register(Preference)
class PreferenceAdmin(ReadOnly, ListOfSellers):
    """Saved preferences only, not defaults. The sellers' own pages record the history."""

    list_display = ("account", "type", "email", "line", "named", "changed_at", "changed_by")
    list_filter = ("type", "email")
    list_select_related = ("account", "changed_by")
    fields = ("account", "type", "email", "line", "version", "changed_at", "changed_by")
    inlines = (DestinationInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Preference]:
        """Count the addresses in a subquery, only for the rows shown: a join would group the whole table."""
        named = PreferenceAddress.objects.filter(preference=OuterRef("pk")).order_by()
        counted = named.values("preference").annotate(number=Count("pk")).values("number")
        return super().get_queryset(request).annotate(named=Coalesce(Subquery(counted), 0))

    @admin.display(description=_("addresses"))
    def named(self, preference: Preference) -> int:
        return preference.named  # type: ignore[attr-defined]
