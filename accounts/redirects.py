"""Where a form that stands on every page leads back to."""

from django.http import HttpRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme


def redirect_back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page that the form names in `next`, if it is one of this site; else to the start."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    return HttpResponseRedirect(target)  # not `redirect`, which would take a word for a page's name
