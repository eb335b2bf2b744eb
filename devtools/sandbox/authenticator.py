"""An authenticator app: the codes of the second step, for those whose secret it was started with (RFC 6238)."""

import base64
import hmac
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass

from devtools.sandbox.web.server import Request, Response, Route
from devtools.sandbox.web.templating import page

PERIOD = 30
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Secret:
    """What an app was set up with."""

    name: str
    secret: str
    """In base 32."""

    @classmethod
    def parse(cls, text: str) -> "Secret":
        """From `name=secret`; raises ValueError."""
        name, equals, secret = text.partition("=")
        base64.b32decode(secret, casefold=True)
        if not (name and equals and secret):
            raise ValueError(text)
        return cls(name, secret)

    def code(self, now: float) -> str:
        """The code of this moment."""
        counter = int(now) // PERIOD
        key = base64.b32decode(self.secret, casefold=True)
        digest = hmac.digest(key, counter.to_bytes(8, "big"), "sha1")
        start = digest[-1] & 0x0F
        number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
        return f"{number % 10**_DIGITS:0{_DIGITS}}"


def routes(secrets: Sequence[Secret]) -> list[Route]:
    """The page of the app, and the same for scripts."""

    def show(request: Request) -> Response:
        now = time.time()
        codes = [(secret.name, secret.code(now)) for secret in secrets]
        return page("authenticator.html", codes=codes, seconds=_left(now))

    def tell(request: Request) -> Response:
        now = time.time()
        codes = [{"name": secret.name, "code": secret.code(now), "seconds": _left(now)} for secret in secrets]
        return Response(json.dumps(codes), content_type="application/json")

    return [("GET", "/authenticator/", show), ("GET", "/api/authenticator", tell)]


def _left(now: float) -> int:
    """Seconds until the codes change."""
    return PERIOD - int(now) % PERIOD
