"""Previews of every notification type, rendered from samples by the code that renders the real ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from accounts.models import SellerAccount
from notifications.admin.broadcasts.bubble_html import draw
from notifications.admin.shared.pages import needs, page
from notifications.delivery.rendering import NotificationFacts, render_bubble, render_email
from notifications.delivery.rendering.site_entries import Entry, entries
from notifications.models import Notification
from notifications.types.definitions import GROUP_OF, GROUPS, TYPES
from notifications.types.payloads.samples import SAMPLES

_PERMISSION = "notifications.view_notification"
_RECIPIENT = "hanako@example.jp"
_TOKEN = "preview"  # noqa: S105  (not a valid token)
_SHOPS = {"ja": "花子の器", "en": "Mika Books"}
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


@needs(_PERMISSION)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List all types by group."""
    return page(
        request,
        "notification/previews.html",
        title=_("Previews"),
        groups=[{"title": group.title, "types": list(group)} for group in GROUPS],
        languages=settings.LANGUAGES,
    )


@needs(_PERMISSION)
@require_safe
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
def preview(request: HttpRequest, type_key: str, language: str) -> HttpResponse:
    """Show one type in one language: the e-mail, the LINE bubble and the site."""
    facts = _facts(type_key, language)
    subject, text, _html = render_email(facts, language).addressed_to(_RECIPIENT, token=_TOKEN)
    alt_text, contents = render_bubble(facts, language) if TYPES[type_key].line else ("", None)
    return page(
        request,
        "notification/preview.html",
        title=str(TYPES[type_key].title),
        type_key=type_key,
        language=language,
        languages=settings.LANGUAGES,
        subject=subject,
        text=text,
        alt_text=alt_text,
        bubble=draw(contents) if contents else None,
    )


@needs(_PERMISSION)
@require_safe
@xframe_options_sameorigin
@csp_replace(_OF_A_LETTER)  # type: ignore[arg-type]
def mail(request: HttpRequest, type_key: str, language: str) -> HttpResponse:
    """Return the HTML of the e-mail, for the iframe in the preview."""
    _subject, _text, html = render_email(_facts(type_key, language), language).addressed_to(_RECIPIENT, token=_TOKEN)
    return HttpResponse(html)


@needs(_PERMISSION)
@require_safe
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})  # type: ignore[arg-type]
def site(request: HttpRequest, type_key: str, language: str) -> HttpResponse:
    """Return the inbox entry, for the iframe in the preview."""
    with _on_the_site(type_key, language) as (entry, account):
        told = {"entry": entry, "story": entry.story, "seller": account}
        return render(request, "admin/notifications/broadcast/site.html", told)


def _facts(type_key: str, language: str) -> NotificationFacts:
    if type_key not in TYPES or language not in _SHOPS:
        raise Http404
    unsubscribe_url = settings.SITE_URL + reverse("notifications:unsubscribe", args=[_TOKEN])
    options_url = settings.SITE_URL + reverse("notifications:options", args=["PREVIEW"])
    return NotificationFacts(
        type=type_key,
        data=SAMPLES[type_key],
        shop=_SHOPS[language],
        time_zone=settings.TIME_ZONE,
        page_url=settings.SITE_URL + reverse("notifications:open", args=[UUID(int=0)]),
        options_url=f"{options_url}#{GROUP_OF[type_key].key}",
        unsubscribe_url=unsubscribe_url.removesuffix(_TOKEN),
    )


@contextmanager
def _on_the_site(type_key: str, language: str) -> Iterator[tuple[Entry, SellerAccount]]:
    """Yield an unsaved inbox entry in the language and the time zone of a seller."""
    facts = _facts(type_key, language)
    account = SellerAccount(name=facts.shop, language=language, time_zone=facts.time_zone, public_id="PREVIEW")
    notification = Notification(account=account, type=type_key, data=facts.data, occurred_at=timezone.now())
    with translation.override(language), timezone.override(facts.time_zone):
        [entry] = entries([notification], account)
        yield entry, account
