"""Which source a request comes from."""

from django.http import HttpRequest
from ninja.security import HttpBearer

from ..models import Source
from ..source_keys import source_of


class SourceRequest(HttpRequest):
    """A request by a source that proved who it is."""

    auth: Source


class SourceKey(HttpBearer):
    """The bearer key of an active source."""

    def authenticate(self, request: HttpRequest, token: str) -> Source | None:
        return source_of(token.strip())
