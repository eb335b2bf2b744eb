"""The help pages. Nobody needs to sign in, and nothing on them belongs to a shop."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.members.access import LAST_SELLER

from .. import help as handbook


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What there is."""
    return render(request, "notifications/help/index.html", {"pages": handbook.pages()})


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """One page; whoever is signed in also gets links to the settings of the shop they looked at last."""
    found = handbook.page(slug)
    if found is None:
        raise Http404
    shop = request.session.get(LAST_SELLER) if request.user.is_authenticated else None
    context = {"page": found, "pages": handbook.pages(), "shop": shop}
    return render(request, "notifications/help/page.html", context)
