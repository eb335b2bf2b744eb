"""Reject a request as a whole, so that its client receives the response."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError

_CHUNK = 64 * 1024


def refuse(request: HttpRequest, status: int, detail: str) -> HttpResponse:
    """Return the response with the reason, after reading the rest of the body.
    Most clients read a response only after sending everything, and get a closed connection if the server does not read.
    The rest is read up to four times EVENTS_BODY_BYTES.
    """
    left = 4 * settings.EVENTS_BODY_BYTES
    try:
        while left > 0 and (chunk := request.read(_CHUNK)):
            left -= len(chunk)
    except UnreadablePostError:
        pass  # the client closed the connection
    return JsonResponse({"detail": detail}, status=status)
