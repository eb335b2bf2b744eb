"""Views that allauth lacks: sign-up by invitation, and sending the confirmation e-mail again."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.email_verification import send_verification_email_at_login
from allauth.account.internal.stagekit import unstash_login
from allauth.account.views import SignupView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ..forms.sign_in import InvitedSignupForm
from ..members import invitations
from ..models import User
from ..rule_violation import RuleViolationError


class InvitedSignupView(SignupView):
    """Sign up as the invited address, which counts as confirmed because the link was sent to it."""

    template_name = "accounts/invitations/sign_up.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        invitation = invitations.find(kwargs["token"])
        if (
            request.user.is_authenticated
            or invitation is None
            or not invitation.is_open
            or invitation.has_expired
            or User.objects.filter(email=invitation.email).exists()
        ):
            # That page explains each of these cases.
            return redirect("accounts:accept_invitation", kwargs["token"])
        self.invitation = invitation
        return super().dispatch(request, *args, **kwargs)

    def get_form_class(self) -> type[InvitedSignupForm]:
        return InvitedSignupForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"invitation": self.invitation}

    def get_success_url(self) -> str:
        return reverse("home", args=[self.invitation.account.public_id])

    def form_valid(self, form: InvitedSignupForm) -> HttpResponse:
        get_adapter().stash_verified_email(self.request, self.invitation.email)
        try:
            return super().form_valid(form)
        except RuleViolationError as refusal:
            get_adapter().unstash_verified_email(self.request)
            messages.error(self.request, str(refusal))
            return redirect("accounts:accept_invitation", self.kwargs["token"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"invitation": self.invitation}


sign_up_by_invitation = InvitedSignupView.as_view()


@require_POST
def confirm_again(request: HttpRequest) -> HttpResponse:
    """Send the confirmation e-mail again to a user who has not confirmed their address yet."""
    login = unstash_login(request, peek=True)
    if login is None or request.user.is_authenticated:
        messages.info(request, _("Sign in, and we send the e-mail again."))
        return redirect("account_login")
    sent = send_verification_email_at_login(request, login)
    if not sent:
        messages.info(request, _("We sent the e-mail a moment ago. Wait 3 minutes before you ask for another."))
    return redirect("account_email_verification_sent")
