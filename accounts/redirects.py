"""Redirects after forms that are on every page."""

from django.http import HttpRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme


def redirect_back(request: HttpRequest) -> HttpResponseRedirect:
    """Redirect to the form's `next` if it is a page of this site, else to the start page."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    return HttpResponseRedirect(target)  # not `redirect`, which might take it for a URL name
