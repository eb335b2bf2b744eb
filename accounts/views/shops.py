"""Views of a user's shops, and of the details of one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ..forms.members import ShopForm
from ..members import memberships
from ..members.access import PersonRequest, SellerRequest, primary
from ..models import Membership
from ..rule_violation import RuleViolationError


@login_required
@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """List the user's shops to choose from."""
    shops = Membership.objects.filter(user_id=request.user.pk).select_related("account")
    return render(request, "accounts/shops/index.html", {"shops": shops.order_by("role", "account__name")})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_shop(request: PersonRequest) -> HttpResponse:
    user = request.user
    form = ShopForm(request.POST or None, initial={"language": user.language, "time_zone": user.time_zone})
    if request.method == "POST" and form.is_valid():
        try:
            account = memberships.open_account(user, **form.cleaned_data)
        except RuleViolationError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The shop %(shop)s is open.") % {"shop": account.name})
            return redirect("home", account.public_id)
    return render(request, "accounts/shops/open.html", {"form": form})


@primary
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: SellerRequest) -> HttpResponse:
    account = request.seller
    initial = {"name": account.name, "language": account.language, "time_zone": account.time_zone}
    form = ShopForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            memberships.change_details(account, by=request.user, **form.cleaned_data)
        except RuleViolationError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The shop’s details are saved."))
            return redirect("accounts:shop", account.public_id)
    return render(request, "accounts/shops/details.html", {"form": form})
