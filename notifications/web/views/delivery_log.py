"""View of the delivery log."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.members.access import SellerRequest, member
from notifications.delivery.rendering.site_entries import entries
from notifications.models import Address

from .. import delivery_log
from ..forms.delivery_log import LogFilter


@member
@require_safe
def index(request: SellerRequest) -> HttpResponse:
    """List every notification with where it was sent and why other routes were skipped."""
    account = request.seller
    known = list(Address.objects.filter(account=account).order_by("email").values_list("email", flat=True))
    form = LogFilter(request.GET, addresses=known)
    search = form.search()
    page = delivery_log.page(account, search)
    told = {entry.id: entry for entry in entries([line.notification for line in page.lines], account)}
    context = {
        "form": form,
        "page": page,
        "lines": [(told[line.notification.pk], line) for line in page.lines if line.notification.pk in told],
        "filtered": form.is_filtering(),
        "newer": search.before is not None,
    }
    return render(request, "notifications/settings/log.html", context)
