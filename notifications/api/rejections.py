"""Refusing a request as a whole, in a way that its client hears."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError

_CHUNK = 64 * 1024


def refuse(request: HttpRequest, status: int, detail: str) -> HttpResponse:
    """Answer with the reason, after reading what still comes of the body.

    Most clients look for an answer only when they have sent everything, and find a closed connection instead if
    nobody reads. What is absurdly large is cut off all the same.
    """
    left = 4 * settings.EVENTS_BODY_BYTES
    try:
        while left > 0 and (chunk := request.read(_CHUNK)):
            left -= len(chunk)
    except UnreadablePostError:
        pass  # the client has gone: there is nothing left to read
    return JsonResponse({"detail": detail}, status=status)
