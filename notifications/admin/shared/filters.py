"""Admin filters that stay fast in large tables: by age through UUIDv7 keys, and by fixed values without a
DISTINCT query.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from notifications.address_health.assessment import COMPLAINT
from notifications.channels.email.providers.registry import PROVIDERS
from notifications.operations.redelivery.cancellation import REASON as BY_OPERATOR
from notifications.types.enums import AWAITED, BounceReason
from notifications.web.read_state import first_id

AGES = {
    "hour": (timedelta(hours=1), _("The last hour")),
    "day": (timedelta(days=1), _("The last day")),
    "week": (timedelta(days=7), _("The last seven days")),
    "month": (timedelta(days=30), _("The last 30 days")),
}
CAUSES: dict[str, str | Promise] = {
    **dict(BounceReason.choices),
    COMPLAINT: _("The recipient reported our mail as spam."),
    AWAITED: _("The address has not been confirmed."),
    BY_OPERATOR: _("An operator cancelled it."),
    "recalled": _("It was taken back."),
}


class AgeFilter(admin.SimpleListFilter):
    """Filters by primary key: UUIDv7 grow with time, so an age is a range of them."""

    title = pgettext_lazy("filter", "age")
    parameter_name = "age"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [(key, title) for key, (_age, title) in AGES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        age = AGES.get(self.value() or "")
        return queryset.filter(pk__gte=first_id(timezone.now() - age[0])) if age else None


class WordFilter(admin.SimpleListFilter):
    """Filters by a field's known values."""

    field = ""
    words: Mapping[str, str | Promise] = {}

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return list(self.words.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        return queryset.filter(**{self.field: self.value()}) if self.value() in self.words else None


class CauseFilter(WordFilter):
    title = _("cause")
    parameter_name = field = "cause"
    words = CAUSES


class FailureFilter(WordFilter):
    title = _("why mail does not arrive")
    parameter_name = field = "failure"
    words = {key: CAUSES[key] for key in (*BounceReason.values, COMPLAINT, AWAITED)}


class ReasonFilter(WordFilter):
    title = _("reason")
    parameter_name = field = "reason"
    words = dict(BounceReason.choices)


class WayFilter(WordFilter):
    title = _("how it came")
    parameter_name = field = "way"
    words = {"smtp": "smtp", "mailbox": "mailbox"} | {name: name for name in PROVIDERS}
