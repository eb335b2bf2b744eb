"""Views to invite a user and to accept an invitation."""

import uuid
from http import HTTPStatus

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from ..forms.members import InviteForm
from ..mail import sender
from ..members import invitations
from ..members.access import SellerRequest, primary
from ..models import Invitation, User
from ..rule_violation import RuleViolationError
from .members import refusals_to_members


@primary
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: SellerRequest) -> HttpResponse:
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if too_often := _too_often(request, form.cleaned_data["email"]):
            return too_often
        try:
            invitation, token = invitations.invite(request.seller, by=request.user, **form.cleaned_data)
        except RuleViolationError as refusal:
            form.add_error(None, str(refusal))
        else:
            _send(request, invitation, token)
            return redirect("accounts:members", request.seller.public_id)
    return render(request, "accounts/members/invite.html", {"form": form})


@primary
@require_POST
@refusals_to_members
def send_again(request: SellerRequest, invitation: uuid.UUID) -> HttpResponse:
    found = _invitation(request, invitation)
    if too_often := _too_often(request, found.email):
        return too_often
    token = invitations.renew(found, by=request.user)
    found.refresh_from_db()
    _send(request, found, token)
    return redirect("accounts:members", request.seller.public_id)


@primary
@require_POST
@refusals_to_members
def revoke(request: SellerRequest, invitation: uuid.UUID) -> HttpResponse:
    found = _invitation(request, invitation)
    invitations.revoke(found, by=request.user)
    messages.success(request, _("The invitation to %(email)s is revoked.") % {"email": found.email})
    return redirect("accounts:members", request.seller.public_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Show and accept an invitation. Anyone with the link may see it; only the invited address may accept it."""
    invitation = invitations.find(token)
    if invitation is None or not invitation.is_open or invitation.has_expired:
        closed = {"invitation": invitation}
        return render(request, "accounts/invitations/closed.html", closed, status=HTTPStatus.NOT_FOUND)
    context: dict[str, object] = {"invitation": invitation, "token": token}
    user = request.user
    if not isinstance(user, User):
        context["has_account"] = User.objects.filter(email=invitation.email).exists()
        return render(request, "accounts/invitations/welcome.html", context)
    if user.email != invitation.email:
        return render(request, "accounts/invitations/other_person.html", context, status=HTTPStatus.FORBIDDEN)
    if request.method == "POST":
        try:
            invitations.accept(invitation, user)
        except RuleViolationError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("You are now a member of %(shop)s.") % {"shop": invitation.account.name})
            return redirect("home", invitation.account.public_id)
    return render(request, "accounts/invitations/accept.html", context)


def _invitation(request: SellerRequest, invitation: uuid.UUID) -> Invitation:
    rows = Invitation.objects.select_related("account", "invited_by")
    return get_object_or_404(rows, public_id=invitation, account=request.seller)


def _too_often(request: SellerRequest, email: str) -> HttpResponse | None:
    """Limit what one user sends and what one address receives, however often invitations are revoked in between."""
    refused: HttpResponse | None = ratelimit.consume_or_429(request, action="invite", user=request.user, key=email)
    return refused


def _send(request: SellerRequest, invitation: Invitation, token: str) -> None:
    if sender.send_invitation(invitation, token):
        text = _("The invitation to %(email)s was sent.") % {"email": invitation.email}
        messages.success(request, text)
    else:
        text = _("We could not send the e-mail to %(email)s. Send the invitation again in a few minutes.")
        messages.error(request, text % {"email": invitation.email})
