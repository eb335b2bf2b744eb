"""Sources of events. A new one comes from `manage.py add_source`, which shows its key once."""

from django.contrib import admin
from django.http import HttpRequest

from ..models import Source


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin):
    list_display = ("name", "active", "created_at")
    list_filter = ("active",)
    search_fields = ("name",)
    ordering = ("name",)
    show_full_result_count = False
    fields = ("name", "active", "public_id", "created_at")
    readonly_fields = ("public_id", "created_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Source | None = None) -> bool:
        return False
