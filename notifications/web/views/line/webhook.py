"""LINE's webhook endpoint: checks signature and size, stores the events and returns 200; a task processes them."""

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from notifications import line_bot
from notifications.channels.line import webhook
from notifications.queue import enqueue


@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Store LINE's events. The signature is verified before the body is parsed."""
    if settings.LINE is None:
        raise Http404
    body = _body(request)
    if body is None:
        return HttpResponse(status=413)
    if not webhook.is_signed(body, request.headers.get("x-line-signature", ""), settings.LINE.secrets):
        return HttpResponse(status=403)
    try:
        events = webhook.read(body)
    except webhook.NotAnEventListError:
        return HttpResponse(status=400)
    if line_bot.store(events):
        transaction.on_commit(enqueue.enqueue_line_events, robust=True)
    return HttpResponse()


def _body(request: HttpRequest) -> bytes | None:
    """Return the raw body; None when it is larger than LINE ever sends."""
    length = request.headers.get("Content-Length", "")
    if not (length.isascii() and length.isdigit()) or int(length) > webhook.MAX_BODY_BYTES:
        return None
    try:
        return request.body
    except (RawPostDataException, UnreadablePostError):
        return None
