"""Views of the account's address book, and the page behind a confirmation link."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.members.access import SellerRequest, member, notification_editor
from accounts.rule_violation import RuleViolationError
from notifications import address_health
from notifications.address_health import explanations
from notifications.models import Address
from notifications.queue import enqueue
from notifications.recipients import email_addresses, preference_matrix, preferences
from notifications.recipients.email_addresses import LinkState
from notifications.recipients.email_addresses.confirmation import VALID_FOR
from notifications.types.enums import AddressState

from .. import activity_log
from ..forms.addresses import AddAddressForm, LanguageForm, SendAgainForm
from .lookups import address_of


@member
@require_safe
def index(request: SellerRequest) -> HttpResponse:
    """List every address with its state and the notification types sent to it."""
    return _list(request, AddAddressForm())


@notification_editor
@require_POST
def add(request: SellerRequest) -> HttpResponse:
    """Add an address without choosing notification types for it yet."""
    form = AddAddressForm(request.POST)
    if not form.is_valid():
        return _list(request, form, status=422)
    wanted = form.cleaned_data
    try:
        address = email_addresses.add(request.seller, wanted["email"], by=request.user, language=wanted["language"])
    except RuleViolationError as refusal:
        form.add_error("email", str(refusal))
        return _list(request, form, status=422)
    if address.state == AddressState.UNCONFIRMED:
        enqueue.enqueue_settings_mail()
        _tell_confirmation(request, address)
    else:
        messages.success(request, _("%(email)s was added.") % {"email": address.email})
    return redirect("notifications:addresses", request.seller.public_id)


@notification_editor
@require_POST
def resend(request: SellerRequest, address_id: UUID) -> HttpResponse:
    """Send the confirmation message again."""
    address = address_of(request, address_id)
    try:
        email_addresses.request_again(address, by=request.user)
    except RuleViolationError as refusal:
        messages.error(request, str(refusal))
    else:
        enqueue.enqueue_settings_mail()
        _tell_confirmation(request, address)
    return redirect("notifications:addresses", request.seller.public_id)


@notification_editor
@require_http_methods(["GET", "HEAD", "POST"])
def language(request: SellerRequest, address_id: UUID) -> HttpResponse:
    """Choose the language of e-mail to an address."""
    address = address_of(request, address_id)
    form = LanguageForm(request.POST or None, initial={"language": address.language})
    if request.method == "POST" and form.is_valid():
        if email_addresses.set_language(address, form.cleaned_data["language"], by=request.user):
            messages.success(request, _("The language of mail to %(email)s was changed.") % {"email": address.email})
        return redirect("notifications:addresses", request.seller.public_id)
    return render(request, "notifications/settings/address_language.html", {"form": form, "address": address})


@notification_editor
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: SellerRequest, address_id: UUID) -> HttpResponse:
    """Ask, showing the consequences, then remove the address."""
    address = address_of(request, address_id)
    book = preference_matrix.load_address_book(request.seller)
    if request.method == "POST":
        try:
            email_addresses.remove(address, by=request.user)
        except RuleViolationError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("%(email)s was removed.") % {"email": address.email})
        return redirect("notifications:addresses", request.seller.public_id)
    removal = email_addresses.named_by(address)
    context = {
        "address": address,
        "book": book,
        "is_default": address.pk == book.default.pk,
        "back_to_default": [activity_log.title(key) for key in removal.back_to_default],
        "held": address_health.held(request.seller).get(address.pk),
        "keep_others": [activity_log.title(key) for key in removal.types if key not in removal.back_to_default],
    }
    return render(request, "notifications/settings/remove_address.html", context)


@notification_editor
@require_POST
def send_again(request: SellerRequest, address_id: UUID) -> HttpResponse:
    """Resume notification types that the recipient of an address unsubscribed from."""
    address = address_of(request, address_id)
    form = SendAgainForm(request.POST)
    back: tuple[str, ...] = ()
    if form.is_valid():
        try:
            back = email_addresses.subscribe_again(address, form.cleaned_data["types"], by=request.user)
        except Address.DoesNotExist as error:  # removed in the meantime
            raise Http404 from error
    if back:
        messages.success(
            request,
            _("These notifications go to %(email)s again: %(titles)s.")
            % {"email": address.email, "titles": activity_log.listing([activity_log.title(key) for key in back])},
        )
    return redirect("notifications:addresses", request.seller.public_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show the page behind a confirmation link. Only its button confirms, because mail scanners follow links."""
    state, address = email_addresses.read_link(token)
    confirmed = False
    if request.method == "POST" and state is LinkState.VALID and address is not None:
        confirmed = email_addresses.confirm(address)
        state = LinkState.CONFIRMED
    context = {"state": state.value, "address": address, "confirmed": confirmed, "days": VALID_FOR.days}
    status = 200 if state in (LinkState.VALID, LinkState.CONFIRMED) else 410
    return render(request, "notifications/settings/confirm_address.html", context, status=status)


def _list(request: SellerRequest, form: AddAddressForm, *, status: int = 200) -> HttpResponse:
    account = request.seller
    book = preference_matrix.load_address_book(account)
    used = preference_matrix.used_for(account, book, preferences.load_all(account).values())
    held = address_health.held(account)
    context = {
        "book": book,
        "entries": [
            (
                address,
                used[address.pk],
                explanations.of(address),
                held.get(address.pk),
                preference_matrix.stopped_at(book, address),
            )
            for address in book.addresses
        ],
        "form": form,
        "needs_repair": book.needs_repair,
        "limit": email_addresses.ADDRESSES_PER_ACCOUNT,
        "asks_confirmation": settings.ADDRESS_CONFIRMATION == "require",
    }
    return render(request, "notifications/settings/addresses.html", context, status=status)


def _tell_confirmation(request: SellerRequest, address: Address) -> None:
    messages.success(
        request,
        _("A confirmation mail goes to %(email)s. Nothing else is sent there until its link was followed.")
        % {"email": address.email},
    )
