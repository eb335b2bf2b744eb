"""Issue, rotate and revoke the API keys of a source. A new key is shown once, on the response page."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts.activity import operator_log
from accounts.members.access import person
from notifications.admin.shared.pages import needs, page
from notifications.ingest import api_keys
from notifications.models import Source, SourceKey
from notifications.types.enums import SourceKind

_PERMISSION = "notifications.issue_source_key"
OVERLAP_DAYS = api_keys.OVERLAP // timedelta(days=1)
MAX_KEYS = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One key on the page of its source."""

    key: SourceKey
    is_valid: bool

    @property
    def standing(self) -> str:
        if self.key.ends_at is None:
            return pgettext("key", "Valid")
        return pgettext("key", "Ends soon") if self.is_valid else pgettext("key", "Ended")


def lines(source_id: str) -> list[Line]:
    """Return the newest keys of a source, at most `MAX_KEYS`."""
    if not source_id.isdecimal():
        return []
    now = timezone.now()
    keys = SourceKey.objects.filter(source=int(source_id)).select_related("created_by").order_by("-pk")[:MAX_KEYS]
    return [Line(key, key.ends_at is None or key.ends_at > now) for key in keys]


@needs(_PERMISSION)
@require_http_methods(["GET", "POST"])
@never_cache
@sensitive_variables("key")
def issue(request: HttpRequest, source_id: int) -> HttpResponse:
    """Issue a further key; the others stay valid."""
    source = _source(source_id)
    if request.method != "POST":
        return _ask(request, source, "issue", title=_("Issue a key"), button=_("Issue the key"))
    key = api_keys.issue_key(source, by=person(request))
    operator_log.record("source.key_issued", by=person(request), account=source.account, source=source.pk)
    return _show(request, source, key)


@needs(_PERMISSION)
@require_http_methods(["GET", "POST"])
@never_cache
@sensitive_variables("key")
def rotate(request: HttpRequest, source_id: int) -> HttpResponse:
    """Issue a new key; the others expire after `OVERLAP_DAYS`."""
    source = _source(source_id)
    if request.method != "POST":
        return _ask(request, source, "rotate", title=_("Rotate the key"), button=_("Rotate the key"))
    key = api_keys.rotate_key(source, by=person(request))
    operator_log.record("source.key_rotated", by=person(request), account=source.account, source=source.pk)
    return _show(request, source, key)


@needs(_PERMISSION)
@require_http_methods(["GET", "POST"])
@never_cache
def revoke(request: HttpRequest, source_id: int, key_id: UUID) -> HttpResponse:
    """Revoke the key at once."""
    source = _source(source_id)
    key = get_object_or_404(SourceKey, pk=key_id, source=source)
    if request.method != "POST":
        return _ask(request, source, "revoke", title=_("Revoke the key"), button=_("Revoke the key"), key_hint=key.hint)
    api_keys.revoke(key)
    told = {"source": source.pk, "key": str(key.pk)}
    operator_log.record("source.key_revoked", by=person(request), account=source.account, **told)
    messages.success(request, _("The key %(hint)s… ends now.") % {"hint": key.hint})
    return redirect("admin:notifications_source_change", source.pk)


def _source(source_id: int) -> Source:
    source = get_object_or_404(Source.objects.select_related("account"), pk=source_id)
    if source.kind == SourceKind.OWN:
        raise Http404  # SellerHub's own sources have no keys
    return source


def _ask(request: HttpRequest, source: Source, act: str, **words: str) -> HttpResponse:
    title = words.pop("title")
    return page(request, "source/ask.html", title=title, source=source, act=act, overlap_days=OVERLAP_DAYS, **words)


def _show(request: HttpRequest, source: Source, key: str) -> HttpResponse:
    """Show the key without a redirect, because it would have to be stored in between."""
    return page(request, "source/new_key.html", title=_("The new key"), source=source, key=key)
