"""The start and home pages, which show both accounts and notifications, and the choice of the theme."""

from typing import Any, cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, F, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.members.access import LAST_SELLER, SellerRequest, member
from accounts.models import Membership, SellerAccount, User
from accounts.redirects import redirect_back
from notifications import address_health
from notifications.delivery.rendering.site_entries import entries
from notifications.models import Address, Preference
from notifications.recipients import email_addresses, emergency_phone, line_account
from notifications.types.enums import AddressState
from notifications.web import alerts, inbox

LATEST = 8
MEMBERS = 4
THEMES = ("auto", "light", "dark")


@login_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Redirect to the home page of the shop that was looked at last."""
    shops = Membership.objects.filter(user=cast(User, request.user)).values_list("account__public_id", flat=True)
    last = shops.filter(account__public_id=request.session.get(LAST_SELLER)).first()
    shop = last or shops.order_by("role", "joined_at").first()
    return redirect("home", shop) if shop else redirect("accounts:shops")


@member
@require_safe
def home(request: SellerRequest) -> HttpResponse:
    """Show new notifications, alerts, and how the shop can be reached."""
    account = request.seller
    book = list(Address.objects.filter(account=account).order_by("email"))
    if not book:
        book = list(email_addresses.default_addresses([account.pk]).values())
    states = [address.state for address in book]
    unconfirmed = states.count(AddressState.UNCONFIRMED)
    resting = states.count(AddressState.FAILING) + states.count(AddressState.REFUSED)
    facts = SellerAccount.objects.values(
        phone=F("emergency_contact__phone"),
        phone_confirmed_at=F("emergency_contact__confirmed_at"),
        chosen=Exists(Preference.objects.filter(account=OuterRef("pk"))),
        **line_account.STANDING,
    ).get(pk=account.pk)
    link = line_account.LinkStatus.of(facts) if settings.LINE else None
    latest = inbox.latest(request.membership, size=LATEST)
    context: dict[str, Any] = {
        "latest": entries(latest.notifications, account, unread=latest.unread),
        "addresses": len(states),
        "resting": resting,
        "needs_repair": resting > 0,
        "unconfirmed": unconfirmed,
        "phone": emergency_phone.shown(facts["phone"]) if facts["phone"] else "",
        "phone_confirmed_at": facts["phone_confirmed_at"],
        "chosen": facts["chosen"],
        "members": account.memberships.select_related("user").order_by("role", "joined_at")[:MEMBERS],
        "link": link,
        "alerts": [
            *alerts.of_email(
                account,
                book,
                address_health.held(account),
                link=link,
                may_edit=request.membership.may_edit_notifications,
            ),
            *alerts.of_line(account, link),
        ],
        "steps_left": not facts["phone"] or not facts["chosen"] or unconfirmed > 0,
    }
    return render(request, "home.html", context)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Store the choice of a light or dark theme in a cookie."""
    chosen = request.POST.get("theme", "")
    response = redirect_back(request)
    if chosen in THEMES:
        response.set_cookie(
            "theme", chosen, max_age=31_536_000, secure=request.is_secure(), httponly=True, samesite="Lax"
        )
    return response
