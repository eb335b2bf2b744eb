"""What the lists of the admin site have in common."""

from typing import Any, cast

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property


class ReadOnly:
    """Look, do not touch: the site's own pages write these."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ShortCountPaginator(Paginator):
    """Counts the newest rows and no further: a whole count grows with the table."""

    MOST = 10_000

    @cached_property
    def count(self) -> int:
        return cast("QuerySet[Any]", self.object_list)[: self.MOST].count()


class LongList(admin.ModelAdmin):
    """Quick when its table is long: newest first by the primary key, which is its index."""

    ordering = ("-pk",)
    paginator = ShortCountPaginator
    show_full_result_count = False
    list_per_page = 50
