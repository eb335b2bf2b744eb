"""What pages about LINE need from the browser: to be let on to LINE, and to show LINE's pictures."""

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
    """For each page of the linking: 404 without LINE, nothing cached, no referrer, and the policy LINE needs.

    `no-referrer` stands on every step that leads on. A page with a form cannot have it: browsers then send
    `Origin: null` with the form, which no check against forged requests lets pass. So no such page has a secret
    in its address, and the site's own policy keeps it from other sites.
    """

    @cache_control(private=True, no_store=True)
    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if settings.LINE is None:
            raise Http404
        allowed = {
            # The browser also holds the redirect after a form against this.
            "form-action": [_origin(settings.LINE.access_url)],
            "img-src": [_origin(settings.LINE.pictures_url)],
        }
        response = csp_update(allowed)(view)(request, *args, **kwargs)
        if 300 <= response.status_code < 400:
            response["Referrer-Policy"] = "no-referrer"
        return response

    return wrapper


def off_to(url: str) -> HttpResponse:
    """Send the browser to LINE; only to an address that we built."""
    response = HttpResponse(status=302)
    response["Location"] = url
    return response


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
