"""Views of the inbox."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.members.access import SellerRequest, member
from accounts.models import Membership, User
from notifications.delivery.rendering.site_entries import entries
from notifications.models import Notification

from .. import delivery_report, inbox, read_state
from ..forms.inbox import InboxFilter
from ..help import about


@member
@require_safe
def index(request: SellerRequest) -> HttpResponse:
    """List notifications, newest first: filter by group, search by order ID or SKU."""
    form = InboxFilter(request.GET)
    page = inbox.newest(request.membership, **form.choices())
    context = {
        "form": form,
        "page": page,
        "entries": entries(page.notifications, request.seller, unread=page.unread),
        "filtered": form.is_filtering(),
    }
    return render(request, "notifications/centre/index.html", context)


@member
@require_safe
def detail(request: SellerRequest, notification_id: UUID) -> HttpResponse:
    """Show one notification, what to do, and where it was sent; GET marks it as read."""
    notification = get_object_or_404(inbox.told(request.seller), pk=notification_id)
    if request.method == "GET":
        read_state.mark_read(notification, by=request.user, membership=request.membership)
    entry = next(iter(entries([notification], request.seller)), None)
    if entry is None:  # its type was removed from the catalogue
        raise Http404
    context = {
        "entry": entry,
        "story": entry.story,
        "roads": delivery_report.taken(notification),
        "about": about(notification.type),
    }
    return render(request, "notifications/centre/detail.html", context)


@member
@require_POST
def mark_all_read(request: SellerRequest) -> HttpResponse:
    read_state.mark_all_read(request.membership)
    messages.success(request, _("All notifications are marked as read."))
    return redirect("notifications:centre", request.seller.public_id)


@login_required
@require_safe
def open_notification(request: HttpRequest, notification_id: UUID) -> HttpResponse:
    """Redirect the short URL in every message to the notification's page; raise Http404 if the user is not a member."""
    public_id = (
        Notification.objects.filter(
            pk=notification_id,
            account__in=Membership.objects.filter(user=cast(User, request.user)).values("account"),
        )
        .values_list("account__public_id", flat=True)
        .first()
    )
    if public_id is None:
        raise Http404
    return redirect("notifications:detail", public_id, notification_id)
