"""Decorator and redirect for the LINE pages: allows LINE's origins in the content security policy."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.cache import cache_control

View = Callable[..., HttpResponseBase]


def line_page(view: View) -> View:
    """Prepare a page of the linking: 404 without LINE, no caching, no referrer, and the policy LINE needs.

    Every redirect has `no-referrer`. A page with a form cannot have it: browsers then send `Origin: null` with
    the form, which CSRF checks refuse. So no such page has a secret in its URL, and the site's own referrer policy
    hides its URL from other sites.
    """

    @cache_control(private=True, no_store=True)
    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if settings.LINE is None:
            raise Http404
        allowed = {
            # Browsers also check the redirect after a form against this.
            "form-action": [_origin(settings.LINE.access_url)],
            "img-src": [_origin(settings.LINE.pictures_url)],
        }
        response = csp_update(allowed)(view)(request, *args, **kwargs)
        if 300 <= response.status_code < 400:
            response["Referrer-Policy"] = "no-referrer"
        return response

    return wrapper


def off_to(url: str) -> HttpResponse:
    """Redirect the browser to LINE. `url` must be built by this code, never taken from a request."""
    response = HttpResponse(status=302)
    response["Location"] = url
    return response


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
