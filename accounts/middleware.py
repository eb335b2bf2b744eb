"""What every request of a signed-in person needs: privacy, their language, and when they were last seen."""

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation


class PersonalLocaleMiddleware:
    """Overrides what the browser asked for by what the person chose."""

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
    """Nothing that a signed-in person sees is kept: not by a proxy, nor by the browser for whoever comes next."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response


class LastSeenMiddleware:
    """Keeps the list of devices true to a few minutes; allauth's own writes to the database at every request."""

    SECONDS = 300
    KEY = "last_seen"

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and request.session.get(self.KEY, 0) < time.time() - self.SECONDS:
            UserSession.objects.create_from_request(request)
            request.session[self.KEY] = int(time.time())
        return self.get_response(request)
