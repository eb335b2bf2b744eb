"""Views of the members of a shop, and of the primary user's actions on them."""

import uuid
from functools import wraps

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..activity.member_log import SENTENCES, sentence
from ..forms.members import HandOverForm
from ..mail import sender
from ..members import account_hooks, memberships
from ..members.access import SellerRequest, View, member, primary
from ..models import HistoryEntry, Membership, SellerAccount
from ..rule_violation import RuleViolationError

HISTORY_SIZE = 20


def refusals_to_members(view: View) -> View:
    """Decorate a view to show a RuleViolationError on the members page."""

    @wraps(view)
    def wrapper(request: SellerRequest, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, **kwargs)
        except RuleViolationError as refusal:
            messages.error(request, str(refusal))
            return redirect("accounts:members", request.seller.public_id)

    return wrapper


@member
@require_safe
def index(request: SellerRequest) -> HttpResponse:
    account = request.seller
    open_invitations = account.invitations.filter(accepted_at=None, revoked_at=None).order_by("created_at")
    context = {
        "members": account.memberships.select_related("user").order_by("role", "joined_at"),
        "invitations": open_invitations if request.membership.may_manage_members else None,
        "now": timezone.now(),
        "changes": [(entry.at, sentence(entry)) for entry in _latest_changes(account)],
    }
    return render(request, "accounts/members/index.html", context)


@primary
@require_POST
@refusals_to_members
def right(request: SellerRequest, member: uuid.UUID) -> HttpResponse:
    membership = _membership(request, member)
    granted = request.POST.get("granted") == "yes"
    memberships.set_notification_right(membership, granted=granted, by=request.user)
    if granted:
        text = _("%(name)s may edit notification settings now.")
    else:
        text = _("%(name)s may no longer edit notification settings.")
    messages.success(request, text % {"name": membership.user.name})
    return redirect("accounts:members", request.seller.public_id)


@primary
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_to_members
def remove(request: SellerRequest, member: uuid.UUID) -> HttpResponse:
    membership = _membership(request, member)
    if request.method != "POST":
        return render(request, "accounts/members/remove.html", {"member": membership})
    memberships.remove(membership, by=request.user)
    messages.success(
        request,
        _("%(name)s is no longer a member of %(shop)s.") % {"name": membership.user.name, "shop": request.seller.name},
    )
    if not sender.send_removed(request.seller, membership.user):
        _warn_untold(request)
    return redirect("accounts:members", request.seller.public_id)


@member
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_to_members
def leave(request: SellerRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "accounts/members/leave.html")
    memberships.leave(request.membership)
    messages.success(request, _("You left %(shop)s.") % {"shop": request.seller.name})
    return redirect("accounts:shops")


@sensitive_post_parameters("password")
@primary
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_to_members
def hand_over(request: SellerRequest) -> HttpResponse:
    form = HandOverForm(request.POST or None, account=request.seller, user=request.user)
    if not form.is_valid():
        context = {"form": form, "warnings": account_hooks.warnings(request.seller)}
        return render(request, "accounts/members/hand_over.html", context)
    receiver: Membership = form.cleaned_data["to"]
    memberships.hand_over(request.seller, by=request.user, to=receiver)
    messages.success(
        request,
        _("%(name)s is now the primary user of %(shop)s.") % {"name": receiver.user.name, "shop": request.seller.name},
    )
    if not sender.send_handed_over(request.seller, giver=request.user, receiver=receiver.user):
        _warn_untold(request)
    return redirect("accounts:members", request.seller.public_id)


def _membership(request: SellerRequest, member: uuid.UUID) -> Membership:
    rows = Membership.objects.select_related("user", "account")
    return get_object_or_404(rows, public_id=member, account=request.seller)


def _latest_changes(account: SellerAccount) -> list[HistoryEntry]:
    return list(account.history.filter(action__in=SENTENCES).order_by("-at")[:HISTORY_SIZE])


def _warn_untold(request: SellerRequest) -> None:
    messages.warning(request, _("The e-mail about it could not be sent. Please tell the person yourself."))
