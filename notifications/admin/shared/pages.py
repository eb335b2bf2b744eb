"""Helpers for admin pages that are neither list nor form of a model."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse

View = Callable[..., HttpResponseBase]


def needs(permission: str) -> Callable[[View], View]:
    """Refuse operators without `permission` with PermissionDenied. `AdminSite.admin_view` checks the sign-in."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
            if not request.user.has_perm(permission):
                raise PermissionDenied
            return view(request, *arguments, **named)

        return wrapper

    return decorate


def page(request: HttpRequest, template: str, *, title: str, **context: Any) -> TemplateResponse:
    """Render a template of `admin/notifications/` within the admin site."""
    around = admin.site.each_context(request) | {"title": title}
    return TemplateResponse(request, f"admin/notifications/{template}", around | context)
