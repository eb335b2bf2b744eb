"""Base classes of admin lists: read-only, and fast in large tables."""

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property


class ReadOnly:
    """Forbids adding, changing and deleting: only the site's own pages write these rows."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ShortCountPaginator(Paginator):
    """Counts up to `MAX_COUNT` rows, because a full count takes longer with every row."""

    MAX_COUNT = 5_000

    @cached_property
    def count(self) -> int:
        # Unordered, so that PostgreSQL may count any rows.
        return cast("QuerySet[Any]", self.object_list).order_by()[: self.MAX_COUNT].count()

    @property
    def is_more(self) -> bool:
        return self.count >= self.MAX_COUNT


class LongList(admin.ModelAdmin):
    """A list that stays fast in a large table: newest first by the primary key, whose index it uses."""

    ordering = ("-pk",)
    sortable_by = ()
    paginator = ShortCountPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    change_list_template = "admin/long_list.html"
    hidden: ClassVar[tuple[str, ...]] = ()
    """Fields that may not be filtered by, because repeated filters would reveal their values."""

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return not set(lookup.split("__")) & set(self.hidden) and super().lookup_allowed(lookup, value, request)


class WindowedChangeList(ChangeList):
    """Searches without an index only among the newest rows, and says so on the page."""

    model_admin: "EndlessList"
    is_windowed = False
    """Whether there may be older rows that were not searched."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: list[str | None] | None = None) -> QuerySet[Any]:
        if (last := self._last_looked_at()) is not None:
            self.is_windowed = True
            self.root_queryset = self.root_queryset.filter(**{f"{self.model_admin.clock}__gte": last})
        return super().get_queryset(request, exclude_parameters)

    def _last_looked_at(self) -> Any:
        try:
            newest: QuerySet[Any] | None = self.model_admin.newest(self.get_filters_params())
            if newest is None:
                return None
            clock, last = self.model_admin.clock, self.model_admin.window - 1
            return newest.order_by(f"-{clock}").values_list(clock, flat=True)[last : last + 1].first()
        except (ValueError, ValidationError) as error:
            raise IncorrectLookupParameters from error


class EndlessList(LongList):
    """A list whose table grows with every notification."""

    window = 10_000
    """Rows searched when no index can be used."""
    clock = "pk"
    """An indexed field that grows with time; the list is ordered by it."""
    indexed: ClassVar[tuple[str, ...]] = ()
    """Lookups that an index serves in the order of the list."""
    age: ClassVar[str] = "age"
    """The parameter that only excludes older rows."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return WindowedChangeList

    def is_indexed(self, lookup: str, value: str) -> bool:
        return lookup in self.indexed

    def newest(self, parameters: Mapping[str, list[str]]) -> QuerySet[Any] | None:
        """Return the rows among whose newest to search; None when indexes serve all parameters."""
        asked = {name: values[-1] for name, values in parameters.items() if name != self.age}
        served = {name: value for name, value in asked.items() if self.is_indexed(name, value)}
        return None if served == asked else self.model._default_manager.filter(**served)
