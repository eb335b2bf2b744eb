"""Failed deliveries grouped by reason, and sending a group again after showing how many it has."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.members.access import person
from notifications.admin.shared.filters import CAUSES
from notifications.admin.shared.outcomes import tell_requeued
from notifications.admin.shared.pages import needs, page
from notifications.channels import internal_reasons
from notifications.operations.redelivery import failed_deliveries
from notifications.operations.redelivery.failed_deliveries import Group
from notifications.operations.redelivery.selection import MAX_AT_ONCE
from notifications.types.enums import Channel, DeliveryStatus


@needs("notifications.view_delivery")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    groups = [
        {"group": group, "why": _why(group), "asking": _asking(group), "list": _list(group)}
        for group in failed_deliveries.groups()
    ]
    return page(
        request,
        "delivery/dead_letters.html",
        title=_("Dead letters"),
        groups=groups,
        parked=failed_deliveries.parked(),
        most=failed_deliveries.MAX_GROUPED,
    )


@needs("notifications.requeue_delivery")
@require_http_methods(["GET", "POST"])
def retry(request: HttpRequest) -> HttpResponse:
    """Show the numbers of deliveries and sellers; on POST send them again."""
    if request.method == "POST":
        group = _group(request.POST)
        tell_requeued(request, failed_deliveries.retry(group, by=person(request)))
        return redirect("admin:dead_letters")
    group = _group(request.GET)
    return page(
        request,
        "delivery/retry_dead_letters.html",
        title=_("Send dead letters again"),
        group=group,
        why=_why(group),
        extent=failed_deliveries.extent(group),
        most=MAX_AT_ONCE,
        counted=failed_deliveries.MAX_GROUPED,
    )


def _group(asked: QueryDict) -> Group:
    try:
        status, channel = DeliveryStatus(asked.get("status", "")), Channel(asked.get("channel", ""))
    except ValueError:
        raise Http404 from None
    if status not in failed_deliveries.DEAD:
        raise Http404
    cause, words = (asked.get(name, "").replace("\x00", "") for name in ("cause", "words"))
    return Group(status, channel, cause, words)


def _asking(group: Group) -> str:
    return urlencode(
        {
            "status": group.status.value,
            "channel": group.channel.value,
            "cause": group.cause,
            "words": group.words,
        }
    )


def _list(group: Group) -> str:
    """Return the query string that shows the same deliveries in the list."""
    lookups = {"status__exact": group.status.value, "channel__exact": group.channel.value}
    return urlencode(lookups | ({"cause": group.cause} if group.cause else {}))


def _why(group: Group) -> str:
    cause = str(CAUSES.get(group.cause, group.cause))
    return cause or internal_reasons.translated(group.words) or group.words or _("No reason is noted.")
