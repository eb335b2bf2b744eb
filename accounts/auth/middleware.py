"""Middleware for signed-in users: language and time zone, no caching, last activity, and MFA for operators."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from . import mfa


class PersonalLocaleMiddleware:
    """Activates the user's language and time zone instead of the browser's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
            timezone.activate(request.user.time_zone)
        else:
            timezone.deactivate()
        return self.get_response(request)


class PrivatePagesMiddleware:
    """Forbids caching of pages for signed-in users, by proxies and by a browser that others may use."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response


class LastSeenMiddleware:
    """Updates the list of devices every few minutes; allauth's middleware would write on every request."""

    SECONDS = 300
    KEY = "last_seen"

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and request.session.get(self.KEY, 0) < time.time() - self.SECONDS:
            UserSession.objects.create_from_request(request)
            request.session[self.KEY] = int(time.time())
        return self.get_response(request)


class OperatorMfaMiddleware:
    """Requires MFA in the admin site. The sign-in asks for it wherever it is set up."""

    OPEN = ("logout", "login", "jsi18n")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, arguments: list[Any], named: dict[str, Any]
    ) -> HttpResponse | None:
        page = request.resolver_match
        if page is None or page.app_name != "admin" or page.url_name in self.OPEN:
            return None
        user = request.user
        if not user.is_authenticated or not user.is_staff:
            return None  # the admin site itself refuses them
        if mfa.is_on(user):
            if mfa.was_taken(request, user):
                return None
            page_to_take_it = reverse(mfa.page_to_take_it(user))
            return redirect(f"{page_to_take_it}?{urlencode({'next': request.get_full_path()})}")
        messages.warning(
            request,
            _(
                "Operators see what belongs to many sellers, so a password alone does not open the admin site."
                " Set up an app or a key here, then open it again."
            ),
        )
        return redirect("mfa_index")
