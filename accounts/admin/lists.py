"""What the lists of the admin site have in common."""

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
    """Look, do not touch: the site's own pages write these."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ShortCountPaginator(Paginator):
    """Counts so many rows and no further: a whole count grows with the table."""

    MAX_COUNT = 5_000

    @cached_property
    def count(self) -> int:
        # In no order: whichever rows are met first will do.
        return cast("QuerySet[Any]", self.object_list).order_by()[: self.MAX_COUNT].count()

    @property
    def is_more(self) -> bool:
        return self.count >= self.MAX_COUNT


class LongList(admin.ModelAdmin):
    """Quick when its table is long: newest first by the primary key, which is its index."""

    ordering = ("-pk",)
    sortable_by = ()
    paginator = ShortCountPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    change_list_template = "admin/long_list.html"
    hidden: ClassVar[tuple[str, ...]] = ()
    """Fields that no list is to be filtered by: guess after guess would tell what is in them."""

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return not set(lookup.split("__")) & set(self.hidden) and super().lookup_allowed(lookup, value, request)


class WindowedChangeList(ChangeList):
    """Looks for what no index finds among the newest rows alone, and says so."""

    model_admin: "EndlessList"
    is_windowed = False
    """Whether there may be older rows that were not looked at."""

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
    """Grows with every notification, without end."""

    window = 10_000
    """Rows looked through for what no index finds."""
    clock = "pk"
    """Grows with time and has an index; the list is in its order."""
    indexed: ClassVar[tuple[str, ...]] = ()
    """Lookups that an index serves in the order of the list."""
    age: ClassVar[str] = "age"
    """The parameter that only cuts off what is older."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return WindowedChangeList

    def is_indexed(self, lookup: str, value: str) -> bool:
        return lookup in self.indexed

    def newest(self, parameters: Mapping[str, list[str]]) -> QuerySet[Any] | None:
        """The rows whose newest are looked through; None when indexes serve all that is asked for."""
        asked = {name: values[-1] for name, values in parameters.items() if name != self.age}
        served = {name: value for name, value in asked.items() if self.is_indexed(name, value)}
        return None if served == asked else self.model._default_manager.filter(**served)
