"""Views with which sellers repair a suppressed address and decide about its held notifications."""

from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.members.access import SellerRequest, member, notification_editor
from accounts.rule_violation import RuleViolationError
from notifications import address_health
from notifications.address_health import explanations
from notifications.address_health.repair import replays, test_messages
from notifications.address_health.repair.replay_rows import held_of
from notifications.delivery.rendering.site_entries import entries
from notifications.models import Address, Replay
from notifications.queue import enqueue
from notifications.recipients import preference_matrix, preferences
from notifications.types.enums import AddressState, ReplayMode

from ..forms.addresses import ReplaceAddressForm
from .lookups import address_of

SHOWN = 20


@notification_editor
@require_POST
def reset(request: SellerRequest, address_id: UUID) -> HttpResponse:
    """Mark the address as working again."""
    address = address_of(request, address_id)
    try:
        address_health.reset(address, by=request.user)
    except RuleViolationError as refusal:
        messages.error(request, str(refusal))
        return redirect("notifications:addresses", request.seller.public_id)
    messages.success(request, _("%(email)s was reset. New notifications go there again.") % {"email": address.email})
    if held_of(address).exists():
        return redirect("notifications:held", request.seller.public_id, address.pk)
    return redirect("notifications:addresses", request.seller.public_id)


@notification_editor
@require_http_methods(["GET", "HEAD", "POST"])
def fix(request: SellerRequest, address_id: UUID) -> HttpResponse:
    """Replace the address by another one for all notification types."""
    address = address_of(request, address_id)
    book = preference_matrix.load_address_book(request.seller)
    form = ReplaceAddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            new = address_health.replace_everywhere(address, form.cleaned_data["email"], by=request.user)
        except RuleViolationError as refusal:
            form.add_error("email", str(refusal))
        else:
            return _replaced(request, address, new)
    context = {
        "address": address,
        "book": book,
        "is_default": address.pk == book.default.pk,
        "form": form,
        "others": [one for one in book.addresses if one.pk != address.pk],
        "types": preference_matrix.used_for(request.seller, book, preferences.load_all(request.seller).values())[
            address.pk
        ],
        **explanations.of(address),
    }
    status = 422 if form.is_bound else 200
    return render(request, "notifications/settings/fix_address.html", context, status=status)


def _replaced(request: SellerRequest, old: Address, new: Address) -> HttpResponse:
    told = {"old": old.email, "new": new.email}
    if new.state == AddressState.UNCONFIRMED:
        enqueue.enqueue_settings_mail()
        messages.success(
            request,
            _("%(new)s takes the place of %(old)s as soon as the link in its confirmation mail was followed.") % told,
        )
        return redirect("notifications:addresses", request.seller.public_id)
    messages.success(request, _("%(new)s takes the place of %(old)s from now on.") % told)
    if held_of(new).exists():
        return redirect("notifications:held", request.seller.public_id, new.pk)
    return redirect("notifications:addresses", request.seller.public_id)


@notification_editor
@require_POST
def test(request: SellerRequest, address_id: UUID) -> HttpResponse:
    """Enqueue a test message to the address."""
    address = address_of(request, address_id)
    if address.state == AddressState.UNCONFIRMED:
        messages.error(request, _("%(email)s is not confirmed yet.") % {"email": address.email})
    elif not ratelimit.consume(request, action="test_mail", key=str(request.seller.pk)):
        messages.error(request, _("That was often enough for now. Please try again in an hour."))
    else:
        test_messages.enqueue_test(address, by=request.user)
        enqueue.enqueue_settings_mail()
        messages.success(request, _("A test mail goes to %(email)s.") % {"email": address.email})
    return redirect("notifications:addresses", request.seller.public_id)


@member
@require_safe
def held(request: SellerRequest, address_id: UUID) -> HttpResponse:
    """Show what was held for the address and what to do with it; during a replay, its progress."""
    address = address_of(request, address_id)
    under_way = replays.running(address)
    last = Replay.objects.filter(held_for=address).order_by("-started_at").first()
    rows = held_of(address).select_related("notification").order_by("-pk")
    count = address_health.held(request.seller).get(address.pk, address_health.Held())
    context = {
        "address": address,
        "entries": entries([row.notification for row in rows[:SHOWN]], request.seller),
        "held": count,
        "more": max(count.count - SHOWN, 0),
        "under_way": under_way,
        "last": last if last and last.finished_at else None,
        "works": address.state == AddressState.ACTIVE,
        **explanations.of(address),
    }
    return render(request, "notifications/settings/held.html", context)


@notification_editor
@require_POST
def replay(request: SellerRequest, address_id: UUID) -> HttpResponse:
    """Begin the replay that was chosen: send all, one summary, or nothing."""
    address = address_of(request, address_id)
    mode = request.POST.get("mode", "")
    if mode not in ReplayMode.values:
        messages.error(request, _("Choose what to do with the notifications."))
    else:
        try:
            replays.begin(address, ReplayMode(mode), by=request.user)
        except RuleViolationError as refusal:
            messages.error(request, str(refusal))
        else:
            enqueue.enqueue_replays()
    return redirect("notifications:held", request.seller.public_id, address.pk)
