"""Stateless channel access tokens, which need no storage or rotation and cannot leak from a store.

https://developers.line.biz/en/reference/messaging-api/#issue-stateless-channel-access-token
"""

import threading
import time

from .config import LineServer
from .http import LineError, post_form

_SPARE_SECONDS = 120


def issue(server: LineServer, *, channel_id: str, secret: str) -> tuple[str, float]:
    """Issue a new token; return it and its lifetime in seconds; raises LineError."""
    said = post_form(
        f"{server.api_url}/oauth2/v3/token",
        {"grant_type": "client_credentials", "client_id": channel_id, "client_secret": secret},
    )
    token = said.get("access_token")
    if not isinstance(token, str):
        raise LineError("LINE's answer holds no channel token")
    return token, float(said.get("expires_in", 900))


class ChannelToken:
    """The Messaging API channel's token, issued when needed and kept until shortly before it expires."""

    def __init__(self, server: LineServer) -> None:
        self._server = server
        self._lock = threading.Lock()
        self._token = ""
        self._ends = 0.0

    def get(self, *, refused: str = "") -> str:
        """Return a token other than `refused`; raises LineError. Concurrent threads share one call."""
        with self._lock:
            if not self._token or self._token == refused or time.monotonic() >= self._ends:
                self._token, lifetime = issue(
                    self._server, channel_id=self._server.channel_id, secret=self._server.channel_secret
                )
                self._ends = time.monotonic() + max(lifetime - _SPARE_SECONDS, 1)
            return self._token
