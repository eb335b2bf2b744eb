"""Views of the help pages: public, and independent of any seller account."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.members.access import LAST_SELLER

from .. import help as handbook


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the help pages."""
    return render(request, "notifications/help/index.html", {"pages": handbook.pages()})


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one page; signed-in users also get links to the settings of the account they last looked at."""
    found = handbook.page(slug)
    if found is None:
        raise Http404
    shop = request.session.get(LAST_SELLER) if request.user.is_authenticated else None
    context = {"page": found, "pages": handbook.pages(), "shop": shop}
    return render(request, "notifications/help/page.html", context)
