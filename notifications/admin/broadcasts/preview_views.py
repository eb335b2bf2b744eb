"""Previews of a broadcast before it is sent: the e-mail, the LINE bubble and the site, in both languages."""

from typing import Any

from allauth.core import ratelimit
from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from accounts.activity.operator_log import record
from accounts.models import SellerAccount, User

from ...models import Broadcast
from ...operations.broadcasts import audience, previews
from .bubble_html import draw

Context = dict[str, Any]

# An e-mail has inline styles, because mail programs need them; nothing else in it is allowed to load.
_OF_A_LETTER = {
    "default-src": [NONE],
    "script-src": None,
    "style-src": [UNSAFE_INLINE],
    "img-src": [SELF, "data:"],
    "font-src": None,
    "connect-src": None,
    "form-action": [NONE],
    "frame-ancestors": [SELF],
}


@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
def preview(request: HttpRequest, broadcast: Broadcast, context: Context, by: User) -> HttpResponse:
    """Show all three previews for one seller; `?seller=` is a seller ID, `?language=` a language code."""
    wanted = request.GET.get("seller", "").strip().upper()
    account, language = _seller(broadcast, wanted), _language(request, by)
    context |= {
        "broadcast": broadcast,
        "account": account,
        "wanted": wanted,
        "language": language,
        "languages": settings.LANGUAGES,
        "title": _("Preview"),
    }
    if account is not None:
        subject, text, _html = previews.mail(broadcast, account, language=language, to=by.email)
        bubble = previews.bubble(broadcast, account, language=language)
        frame = f"?seller={account.public_id}&language={language}"
        context |= {
            "subject": subject,
            "text": text,
            "alt_text": bubble[0] if bubble else "",
            "bubble": draw(bubble[1]) if bubble else None,
            "mail_url": reverse("admin:notifications_broadcast_mail", args=[broadcast.pk]) + frame,
            "site_url": reverse("admin:notifications_broadcast_site", args=[broadcast.pk]) + frame,
        }
    return render(request, "admin/notifications/broadcast/preview.html", context)


@xframe_options_sameorigin
@csp_replace(_OF_A_LETTER)  # type: ignore[arg-type]
def mail(request: HttpRequest, broadcast: Broadcast, context: Context, by: User) -> HttpResponse:
    """Return the HTML of the e-mail, for the iframe in the preview."""
    account = _seller(broadcast, request.GET.get("seller", ""))
    if account is None:
        return HttpResponse(status=404)
    _subject, _text, html = previews.mail(broadcast, account, language=_language(request, by), to=by.email)
    return HttpResponse(html)


@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})  # type: ignore[arg-type]
def site(request: HttpRequest, broadcast: Broadcast, context: Context, by: User) -> HttpResponse:
    """Return the inbox entry, for the iframe in the preview."""
    account = _seller(broadcast, request.GET.get("seller", ""))
    if account is None:
        return HttpResponse(status=404)
    with previews.on_the_site(broadcast, account, language=_language(request, by)) as entry:
        told = {"entry": entry, "story": entry.story, "seller": account}
        return render(request, "admin/notifications/broadcast/site.html", told)


def test(request: HttpRequest, broadcast: Broadcast, context: Context, by: User) -> HttpResponse:
    """Send the e-mail to the operator only; rate-limited."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    account = _seller(broadcast, request.POST.get("seller", ""))
    if account is None:
        messages.error(request, _("No seller fits this audience."))
    elif not ratelimit.consume(request, action="test_broadcast", user=by):
        messages.error(request, _("That was often enough for now. Please try again in an hour."))
    elif previews.send_test(broadcast, account, to=by):
        record("broadcast.tested", by=by, broadcast=str(broadcast.pk))
        messages.success(request, _("The test went to %(email)s.") % {"email": by.email})
    else:
        messages.error(request, _("The mail server did not take the test. Please try again later."))
    page = reverse("admin:notifications_broadcast_preview", args=[broadcast.pk])
    return redirect(f"{page}?seller={account.public_id}" if account else page)


def _seller(broadcast: Broadcast, public_id: str) -> SellerAccount | None:
    """Return the seller with this ID, in the audience or not; without an ID the first of the audience."""
    if public_id:
        return SellerAccount.objects.filter(public_id=public_id.replace("\x00", "")).first()
    return audience.first_of(broadcast)


def _language(request: HttpRequest, by: User) -> str:
    wanted = request.GET.get("language", "")
    return wanted if wanted in dict(settings.LANGUAGES) else by.language
