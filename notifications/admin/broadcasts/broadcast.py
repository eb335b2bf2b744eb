"""Model admin of broadcasts: list, form, and the URLs of the pages below a broadcast."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.forms import ModelForm, Textarea
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from accounts.admin.lists import LongList
from accounts.models import User
from accounts.rule_violation import RuleViolationError

from ...models import Broadcast
from ...operations.broadcasts import drafts
from ...operations.broadcasts.content import EMERGENCY, TECHNICAL
from ...types.enums import BroadcastState
from . import action_views, preview_views
from .draft import DraftForm
from .status import audience_of, broadcast_status, progress

View = Callable[..., HttpResponseBase]

PAGES: dict[str, tuple[View, str]] = {
    "preview": (preview_views.preview, "view_broadcast"),
    "mail": (preview_views.mail, "view_broadcast"),
    "site": (preview_views.site, "view_broadcast"),
    "standing": (action_views.standing, "view_broadcast"),
    "test": (preview_views.test, "change_broadcast"),
    "release": (action_views.release, "send_broadcast"),
    "confirm": (action_views.confirm, "approve_broadcast"),
    "withdraw": (action_views.withdraw, "send_broadcast"),
    "stop": (action_views.stop, "send_broadcast"),
    "resume": (action_views.resume, "send_broadcast"),
    "recall": (action_views.recall, "recall_notification"),
}
"""By URL name: the view, and the permission it needs besides that to view broadcasts."""

_WORDS = ("type", ("title_ja", "title_en"), ("body_ja", "body_en"))
_DETAILS = {
    TECHNICAL: (gettext_lazy("Technical notice"), {"fields": (("starts_at", "ends_at"),)}),
    EMERGENCY: (gettext_lazy("Emergency notice"), {"fields": (("region_ja", "region_en"),)}),
}
"""Fields that only one notification type has."""


@admin.register(Broadcast)
class BroadcastAdmin(LongList):
    form = DraftForm
    list_display = ("title", "type", "state", "progress", "scheduled_for", "created_at")
    list_filter = ("state", "type")
    ordering = ("-created_at",)
    search_fields = ("title_ja", "title_en")
    actions = None
    formfield_overrides = {models.TextField: {"widget": Textarea(attrs={"rows": 10})}}
    change_form_template = "admin/notifications/broadcast/change_form.html"

    class Media:
        css = {"all": ("notifications/broadcasts.css",)}

    @admin.display(description=pgettext_lazy("broadcast", "title"), ordering="title_ja")
    def title(self, broadcast: Broadcast) -> str:
        """Return the title in the operator's language."""
        return broadcast.title_ja if get_language() == "ja" else broadcast.title_en

    @admin.display(description=pgettext_lazy("broadcast", "progress"))
    def progress(self, broadcast: Broadcast) -> str:
        return progress(broadcast)

    @admin.display(description=gettext_lazy("audience"))
    def audience(self, broadcast: Broadcast) -> str:
        return audience_of(broadcast)

    def get_fieldsets(self, request: HttpRequest, obj: Broadcast | None = None) -> Any:
        if obj is None or self.has_change_permission(request, obj):
            coach = _("In the selling coach, every paragraph is one recommendation.")
            fieldsets: list[Any] = [(None, {"fields": _WORDS, "description": coach}), *_DETAILS.values()]
            audience = ("plans", "languages", "regions", "sellers")
            fieldsets.append((_("Audience"), {"fields": audience}))
            fieldsets.append((_("When"), {"fields": ("scheduled_for",)}))
            return fieldsets
        people = (
            *(("created_by", "created_at"), ("submitted_by", "submitted_at"), ("approved_by", "approved_at")),
            *("scheduled_for", ("started_at", "finished_at")),
        )
        details = [_DETAILS[obj.type]] if obj.type in _DETAILS else []
        return [
            (None, {"fields": _WORDS}),
            *details,
            (_("Audience"), {"fields": ("audience",)}),
            (_("When and who"), {"fields": people}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Broadcast | None = None) -> tuple[str, ...]:
        return () if self.has_change_permission(request, obj) else ("audience",)

    def has_change_permission(self, request: HttpRequest, obj: Broadcast | None = None) -> bool:
        """Allow changes to drafts only: a released broadcast was reviewed as it is."""
        return super().has_change_permission(request, obj) and (obj is None or obj.state == BroadcastState.DRAFT)

    def has_delete_permission(self, request: HttpRequest, obj: Broadcast | None = None) -> bool:
        return super().has_delete_permission(request, obj) and obj is not None and obj.state == BroadcastState.DRAFT

    def save_model(self, request: HttpRequest, obj: Broadcast, form: ModelForm, change: bool) -> None:
        drafts.save(obj, by=cast(User, request.user))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = dict(extra_context or {})
        broadcast = self.get_object(request, unquote(object_id)) if object_id else None
        if broadcast is not None:
            context["standing"] = broadcast_status(broadcast, request.user)
        try:
            return super().changeform_view(request, object_id, form_url, context)
        except RuleViolationError as refusal:
            messages.error(request, str(refusal))
            return redirect("admin:notifications_broadcast_change", object_id)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Broadcast]:
        """Defer the list of sellers, which may be long; it is loaded where it is shown."""
        return super().get_queryset(request).defer("sellers")

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(f"<path:object_id>/{name}/", self._page(view, permission), name=f"notifications_broadcast_{name}")
            for name, (view, permission) in PAGES.items()
        ]
        return own + super().get_urls()

    def _page(self, view: View, permission: str) -> View:
        """Wrap a view of one broadcast with permission check and lookup; it raises PermissionDenied or Http404."""

        @wraps(view)
        def page(request: HttpRequest, object_id: str) -> HttpResponseBase:
            if not (self.has_view_permission(request) and request.user.has_perm(f"notifications.{permission}")):
                raise PermissionDenied
            broadcast = self.get_object(request, unquote(object_id))
            if broadcast is None:
                raise Http404
            context = self.admin_site.each_context(request) | {"opts": self.opts, "media": self.media}
            return view(request, broadcast, context, cast(User, request.user))

        return self.admin_site.admin_view(page)
