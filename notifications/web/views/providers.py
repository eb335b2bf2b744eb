"""The mail providers' webhook endpoint: authenticates, stores the events and returns 200; a task processes them."""

import logging

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notifications import address_health
from notifications.channels.email.providers.events import NotNowError, UnreadableError, WebhookRejectedError
from notifications.channels.email.providers.registry import PROVIDERS
from notifications.channels.registry import naming
from notifications.queue import enqueue

logger = logging.getLogger(__name__)

MAX_BODY_BYTES = 1024 * 1024
"""SendGrid, whose requests are the largest, ends one at 768 KB."""
MAX_NEWS = 5000
"""A third more events than fit into such a request."""


@csrf_exempt
@require_http_methods(["POST", "HEAD"])  # some providers send HEAD when the webhook is set up
def track(request: HttpRequest, provider: str) -> HttpResponse:
    """Store a provider's events. The request is authenticated before its body is parsed."""
    if provider not in settings.MAIL_PROVIDERS.providers:
        raise Http404
    if request.method == "HEAD":
        return HttpResponse()
    if not _has_body(request):
        return HttpResponse(status=413)
    try:
        return _take(request, provider)
    except WebhookRejectedError as refusal:
        logger.warning("Refused a call for %s: %s.", provider, refusal)
        return HttpResponse(status=403)
    except UnreadableError as problem:
        logger.warning("A call of %s cannot be read: %s.", provider, problem)
        return HttpResponse(status=400)
    except (NotNowError, OperationalError, InterfaceError) as trouble:
        logger.error("A call of %s cannot be taken now: %s.", provider, type(trouble).__name__)  # noqa: TRY400
        return HttpResponse(status=503)


def _take(request: HttpRequest, name: str) -> HttpResponse:
    provider = PROVIDERS[name]
    provider.verify(request, settings.MAIL_PROVIDERS)
    taken = provider.take(request, settings.MAIL_PROVIDERS, naming())
    if len(taken.news) > MAX_NEWS:
        return HttpResponse(status=413)
    stored = address_health.store_provider_events(taken.news, way=name)
    provider.remember(request)
    foreign = taken.foreign + len(taken.news) - stored.known
    if foreign or taken.unreadable:
        logger.info("%s told of %d mails that are not ours, %d unreadable.", name, foreign, taken.unreadable)
    if stored.new:
        transaction.on_commit(enqueue.enqueue_mail_reports, robust=True)
    return HttpResponse()


def _has_body(request: HttpRequest) -> bool:
    """Return whether the body can be read and is no larger than any that providers send."""
    length = request.headers.get("Content-Length") or "0"
    if not (length.isascii() and length.isdigit()) or int(length) > MAX_BODY_BYTES:
        return False
    try:
        return len(request.body) <= MAX_BODY_BYTES
    except (RawPostDataException, UnreadablePostError):
        return False
