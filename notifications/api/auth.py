"""Authenticate API requests by the key of their source."""

from django.http import HttpRequest
from ninja.security import HttpBearer

from ..ingest.api_keys import source_of
from ..models import Source
from ..types.enums import SourceKind


class SourceRequest(HttpRequest):
    """A request by an authenticated source."""

    auth: Source


class KeyOfSource(HttpBearer):
    """Bearer authentication by the key of an active source of one kind; keys of other kinds are rejected."""

    def __init__(self, kind: SourceKind) -> None:
        super().__init__()
        self._kind = kind

    def authenticate(self, request: HttpRequest, token: str) -> Source | None:
        source = source_of(token.strip())
        return source if source is not None and source.kind == self._kind else None
