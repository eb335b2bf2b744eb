"""The unsubscribe page: GET asks, POST acts, without cookies and redirects (RFC 8058)."""

from collections.abc import Collection, Mapping

from allauth.core import ratelimit
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notifications.models import Address, Unsubscription
from notifications.recipients import email_addresses, preference_matrix
from notifications.recipients.email_addresses import OPTIONAL_TYPES, UnsubscribeLink, UnsubscribeState
from notifications.recipients.email_addresses.unsubscribe_link import VALID_FOR
from notifications.types.definitions import NotificationType

from ..forms.unsubscription import UnsubscribeForm, UnsubscribeRequest

MAX_BODY_BYTES = 4096

_PAGE = "notifications/unsubscribe.html"


# Mail programs send neither cookie nor CSRF token, and no cookie counts here: the token is the only secret, so a
# site that could forge this request would have to know the link already.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the page, or do what was asked for. The token is checked before anything else is read."""
    link = email_addresses.open_unsubscribe_link(token)
    if link.state is not UnsubscribeState.VALID or link.address is None or link.kind is None:
        return _refuse(request, link)
    if request.method != "POST":
        return _show(request, link.address, link.kind)
    if _is_too_large(request):
        return HttpResponse(status=413)
    form = UnsubscribeForm(request.POST)
    if not form.is_valid():
        return _show(request, link.address, link.kind, status=422)
    try:
        return _act(request, link.address, link.kind, form)
    except Address.DoesNotExist:
        return _refuse(request, UnsubscribeLink(UnsubscribeState.GONE))


def _act(request: HttpRequest, address: Address, kind: NotificationType, form: UnsubscribeForm) -> HttpResponse:
    match form.cleaned_data["wish"]:
        case UnsubscribeRequest.STOP:
            email_addresses.unsubscribe(address, [kind.key])
            return _confirm(address) if form.is_one_click else _show(request, address, kind)
        case UnsubscribeRequest.STOP_ALL:
            stopped = email_addresses.unsubscribe(address, OPTIONAL_TYPES)
            return _show(request, address, kind, "stopped_all", undo=stopped or OPTIONAL_TYPES)
    # Only undoing is rate-limited: other requests are idempotent, and a mail program is never refused.
    refused: HttpResponse | None = ratelimit.consume_or_429(request, action="unsubscribe", key=str(address.pk))
    if refused is not None:
        return refused
    types = form.cleaned_data["types"] or [kind.key]
    email_addresses.subscribe_again(address, types)
    # The message may have stopped other types only, then this one is as it was before.
    return _show(request, address, kind, "resumed" if kind.key in types else "")


def _confirm(address: Address) -> HttpResponse:
    """Return the plain text that a mail program expects."""
    with translation.override(address.language or address.account.language):
        return HttpResponse(_("The notification was stopped."), content_type="text/plain; charset=utf-8")


def _show(
    request: HttpRequest,
    address: Address,
    kind: NotificationType,
    state: str = "",
    *,
    undo: Collection[str] = (),
    status: int = 200,
) -> HttpResponse:
    """Show whether the type is stopped, unless `state` says what was just done."""
    is_stopped = Unsubscription.objects.filter(address=address, type=kind.key).exists()
    context = {
        "state": state or ("stopped" if is_stopped else "ask"),
        "address": address,
        "kind": kind,
        "reaches_others": preference_matrix.reaches_others(address, kind),
        "undo": undo or [kind.key],
    }
    return _draw(request, address, context, status=status)


def _refuse(request: HttpRequest, link: UnsubscribeLink) -> HttpResponse:
    context = {"state": link.state.value, "address": link.address, "kind": link.kind, "days": VALID_FOR.days}
    return _draw(request, link.address, context, status=403 if link.state is UnsubscribeState.REQUIRED else 410)


def _draw(request: HttpRequest, address: Address | None, context: Mapping[str, object], *, status: int) -> HttpResponse:
    """Render in the language of the e-mail, unless the visitor chose one on this site."""
    chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES or request.user.is_authenticated
    if address is None or chosen:
        return render(request, _PAGE, {**context}, status=status)
    language = address.language or address.account.language
    with translation.override(language), timezone.override(address.account.time_zone):
        response = render(request, _PAGE, {**context}, status=status)
    response.headers["Content-Language"] = language
    return response


def _is_too_large(request: HttpRequest) -> bool:
    length = request.headers.get("Content-Length", "0")
    return not (length.isascii() and length.isdigit()) or int(length) > MAX_BODY_BYTES
