"""The pages that read both rooms, and those that belong to none."""

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, F, OuterRef
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from accounts.access import LAST_SELLER, SellerRequest, member
from accounts.models import Membership, SellerAccount, User
from notifications import addresses, centre, emergency
from notifications.entries import entries
from notifications.enums import AddressState
from notifications.models import Address, Preference

LATEST = 8
MEMBERS = 4
THEMES = ("auto", "light", "dark")


@login_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Go on to the home page of the shop that was looked at last."""
    shops = Membership.objects.filter(user=cast(User, request.user)).select_related("account")
    by_id = {membership.account.public_id: membership for membership in shops.order_by("role", "joined_at")[:50]}
    if not by_id:
        return redirect("accounts:shops")
    last = request.session.get(LAST_SELLER)
    return redirect("home", last if last in by_id else next(iter(by_id)))


@member
@require_safe
def home(request: SellerRequest) -> HttpResponse:
    """What is new, and how the shop can be reached."""
    account = request.seller
    states = list(Address.objects.filter(account=account).values_list("state", flat=True))
    if not states:
        states = [address.state for address in addresses.default_addresses([account.pk]).values()]
    unconfirmed = states.count(AddressState.UNCONFIRMED)
    facts = SellerAccount.objects.values(
        phone=F("emergency_contact__phone"),
        phone_confirmed_at=F("emergency_contact__confirmed_at"),
        chosen=Exists(Preference.objects.filter(account=OuterRef("pk"))),
    ).get(pk=account.pk)
    latest = centre.latest(request.membership, size=LATEST)
    context: dict[str, Any] = {
        "latest": entries(latest.notifications, account, unread=latest.unread),
        "addresses": len(states),
        "unconfirmed": unconfirmed,
        "phone": emergency.shown(facts["phone"]) if facts["phone"] else "",
        "phone_confirmed_at": facts["phone_confirmed_at"],
        "chosen": facts["chosen"],
        "members": account.memberships.select_related("user").order_by("role", "joined_at")[:MEMBERS],
        "steps_left": not facts["phone"] or not facts["chosen"] or unconfirmed > 0,
    }
    return render(request, "home.html", context)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember in the browser whether pages are light or dark."""
    chosen = request.POST.get("theme", "")
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)  # not `redirect`, which would take a word for a page's name
    if chosen in THEMES:
        response.set_cookie(
            "theme", chosen, max_age=31_536_000, secure=request.is_secure(), httponly=True, samesite="Lax"
        )
    return response
