"""The views of /healthz, /readyz and /metrics. They never name a seller, a server or an error."""

import secrets

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from notifications.operations.heartbeat import STALE_AFTER
from notifications.operations.metrics import CONTENT_TYPE, page

from . import parts
from .timed import Timed

LATE_SECONDS = 60
"""E-mail should be sent within a minute."""
_PAGE = Timed(page, seconds=5)


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Return 200 while the process responds, so that a restart would not help."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Return 200 when database, broker and cache respond; else 503 with the part that fails.

    A late queue and a missing beat are only warnings, because another process would not serve requests better.
    """
    asked = (parts.DATABASE, parts.BROKER, parts.CACHE)
    for each in asked:
        each.begin()  # concurrently
    background, broker, cache = parts.DATABASE.answer(), parts.BROKER.answer(), parts.CACHE.answer()
    found = {"database": background is not None, "broker": broker is True, "cache": cache is True}
    ready = all(found.values())
    told = {"status": "ok" if ready else "failing", **found, **_told_of(background)}
    return JsonResponse(told, status=200 if ready else 503)


def _told_of(background: parts.Background | None) -> dict[str, object]:
    if background is None:
        return {}
    late, tick = background
    warnings = []
    if late > LATE_SECONDS:
        warnings.append("queue")
    if tick is None or tick > STALE_AFTER.total_seconds():
        warnings.append("beat")
    return {
        "oldest_due_seconds": round(late),
        "last_tick_seconds": None if tick is None else round(tick),
        "warnings": warnings,
    }


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Return the site's metrics to clients with the token; 503 while the database does not respond in time."""
    if not settings.METRICS_TOKEN and not settings.DEVELOPMENT:
        raise Http404
    if settings.METRICS_TOKEN and not _has_token(request):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    text = _PAGE.answer()
    if text is None:
        return HttpResponse(status=503)
    return HttpResponse(text, content_type=CONTENT_TYPE)


def _has_token(request: HttpRequest) -> bool:
    said = request.headers.get("Authorization", "")
    return secrets.compare_digest(said.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
