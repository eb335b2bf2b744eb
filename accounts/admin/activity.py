"""The two activity logs: what members did in their shops, and what operators did; read-only."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ..models import HistoryEntry, OperatorAction, User
from .lists import EndlessList, ReadOnly

MAX_ACTS_LOOKED_AT = 5_000
"""Newest entries whose actions are offered as filter values."""
MAX_OPERATORS = 100


@admin.register(HistoryEntry)
class HistoryEntryAdmin(ReadOnly, EndlessList):
    list_display = ("at", "account", "actor_name", "action")
    search_fields = ("account__public_id__exact",)
    search_help_text = _("The whole of a seller ID")
    list_select_related = ("account",)
    fields = ("at", "account", "actor", "actor_name", "action", "detail")


class ActFilter(admin.SimpleListFilter):
    """Filters by action; offers the recent ones."""

    title = _("act")
    parameter_name = "act"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        newest = OperatorAction.objects.order_by("-pk").values_list("act", flat=True)[:MAX_ACTS_LOOKED_AT]
        return [(act, act) for act in sorted(set(newest))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[OperatorAction]) -> QuerySet[OperatorAction] | None:
        return queryset.filter(act=self.value()) if self.value() else None


class OperatorFilter(admin.SimpleListFilter):
    """Filters by operator."""

    title = _("operator")
    parameter_name = "operator"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        staff = User.objects.filter(is_staff=True).order_by("name")[:MAX_OPERATORS]
        return [(str(user.pk), user.name) for user in staff]

    def queryset(self, request: HttpRequest, queryset: QuerySet[OperatorAction]) -> QuerySet[OperatorAction] | None:
        asked = self.value() or ""
        return queryset.filter(operator=int(asked)) if asked.isdecimal() else None


@admin.register(OperatorAction)
class OperatorActAdmin(ReadOnly, EndlessList):
    """Entries are never changed or deleted here."""

    list_display = ("at", "operator_name", "act", "account", "detail")
    list_filter = (ActFilter, OperatorFilter)
    list_select_related = ("account",)
    search_fields = ("account__public_id__exact",)
    search_help_text = _("The whole of a seller ID")
    indexed = ("account__id__exact",)
    fields = ("at", "operator", "operator_name", "act", "account", "detail")
