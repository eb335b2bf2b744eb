"""Sources of events, their API keys, and their aliases of seller accounts."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django.db.models import Max, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.activity import operator_log
from accounts.admin.lists import LongList
from accounts.members.access import person
from notifications.admin.shared.seller_ids import SellerIdField
from notifications.ingest.api_keys import OWN_NAMES
from notifications.models import SellerAlias, Source
from notifications.types.enums import SourceKind

from . import api_keys

MAX_ALIASES = 150
"""Maximum on the page of a source."""


class SourceForm(forms.ModelForm):
    """A cart source names its seller account; a marketplace source names none."""

    account = SellerIdField(required=False)

    class Meta:
        model = Source
        fields = ("name", "kind", "account", "active")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if "kind" in self.fields:
            kinds = [(kind.value, kind.label) for kind in SourceKind if kind is not SourceKind.OWN]
            self.fields["kind"].choices = kinds  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if name in OWN_NAMES and self.instance.kind != SourceKind.OWN:
            raise forms.ValidationError(_("SellerHub itself uses this name. Choose another one."))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "kind" in self.fields:
            is_of_a_shop = cleaned.get("kind") == SourceKind.CART
            if is_of_a_shop and not cleaned.get("account") and "account" not in self.errors:
                self.add_error("account", _("Name the shop whose own system this is."))
            if not is_of_a_shop and cleaned.get("account"):
                self.add_error("account", _("Only a shop’s own system belongs to one shop."))
        return cleaned


class AliasForm(forms.ModelForm):
    account = SellerIdField()

    class Meta:
        model = SellerAlias
        fields = ("kind", "value", "account")


class AliasInline(admin.TabularInline):
    model = SellerAlias
    form = AliasForm
    fields = ("kind", "value", "account")
    ordering = ("pk",)
    extra = 0
    max_num = MAX_ALIASES

    def get_queryset(self, request: HttpRequest) -> QuerySet[SellerAlias]:
        return super().get_queryset(request).select_related("account")


@admin.register(Source)
class SourceAdmin(LongList):
    list_display = ("name", "kind", "account", "active", "last_used", "created_at")
    list_filter = ("kind", "active")
    list_select_related = ("account",)
    search_fields = ("name", "account__public_id__exact")
    search_help_text = gettext_lazy("Name, or the whole of a seller ID")
    ordering = ("name",)
    form = SourceForm
    readonly_fields = ("public_id", "created_at")
    change_form_template = "admin/notifications/source/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:source_id>/issue-key/", view(api_keys.issue), name="issue_source_key"),
            path("<int:source_id>/rotate-key/", view(api_keys.rotate), name="rotate_source_key"),
            path("<int:source_id>/keys/<uuid:key_id>/revoke/", view(api_keys.revoke), name="revoke_source_key"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        return super().get_queryset(request).annotate(last_used=Max("keys__last_used_at"))

    def get_fields(self, request: HttpRequest, obj: Source | None = None) -> tuple[str, ...]:
        added = ("name", "kind", "account", "active")
        return added if obj is None else (*added, "public_id", "created_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Source | None = None) -> tuple[str, ...]:
        """Fix kind and account once the source exists."""
        return () if obj is None else ("kind", "account", "public_id", "created_at")

    def get_inlines(self, request: HttpRequest, obj: Source | None) -> list[type[InlineModelAdmin]]:
        return [] if obj is None else [AliasInline]

    def has_change_permission(self, request: HttpRequest, obj: Source | None = None) -> bool:
        """Refuse changes to SellerHub's own sources."""
        if obj is not None and obj.kind == SourceKind.OWN:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Source | None = None) -> bool:
        return False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        keys = api_keys.lines(object_id) if object_id else []
        return super().changeform_view(request, object_id, form_url, (extra_context or {}) | {"keys": keys})

    @admin.display(description=gettext_lazy("last used"))
    def last_used(self, source: Source) -> Any:
        return source.last_used  # type: ignore[attr-defined]

    def save_model(self, request: HttpRequest, obj: Source, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if form.changed_data:
            act = "source.changed" if change else "source.added"
            told = {"source": obj.pk, "fields": form.changed_data, "active": obj.active}
            operator_log.record(act, by=person(request), account=obj.account, **told)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        if formset.model is SellerAlias:
            changed = [alias for alias, _fields in formset.changed_objects]
            for act, aliases in (
                ("alias.added", formset.new_objects),
                ("alias.changed", changed),
                ("alias.removed", formset.deleted_objects),
            ):
                for alias in aliases:
                    operator_log.record(act, by=person(request), account=alias.account, source=form.instance.pk)
