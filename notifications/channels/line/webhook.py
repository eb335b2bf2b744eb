"""LINE's webhook requests: verify the signature and parse the events.

https://developers.line.biz/en/docs/messaging-api/receiving-messages/
"""

import hmac
import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

MAX_BODY_BYTES = 1024 * 1024
MAX_EVENTS = 1000
_MAX_ID_LENGTH = 64


class NotAnEventListError(ValueError):
    """The body is not a list of LINE events."""


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """One event. Its payload omits the text of users' messages, and holds only the hash of a nonce."""

    id: str
    type: str
    user_id: str
    """Empty when LINE gives none, or when the event is not about one user."""
    at: datetime
    payload: Mapping[str, Any]


def is_signed(body: bytes, signature: str, secrets: Iterable[str]) -> bool:
    """Return whether `x-line-signature` was made of these bytes with one of the channel's secrets."""
    given = signature.encode("ascii", "replace")
    made = [b64encode(hmac.digest(secret.encode(), body, "sha256")) for secret in secrets]
    return any([hmac.compare_digest(one, given) for one in made])  # noqa: C419  (all of them: constant time)


def read(body: bytes) -> list[WebhookEvent]:
    """Parse the events of a body, each as far as it is valid; raises NotAnEventListError."""
    try:
        said = json.loads(body)  # tolerant: users' texts may contain lone surrogates
    except (ValueError, RecursionError):
        raise NotAnEventListError from None
    events = said.get("events") if isinstance(said, dict) else None
    if not isinstance(events, list) or len(events) > MAX_EVENTS:
        raise NotAnEventListError
    return [_event(one) for one in events if isinstance(one, dict)]


def nonce_hash(nonce: str) -> str:
    """Hash a nonce, or any other secret of a link, for storage."""
    return sha256(nonce.encode("utf-8", "surrogatepass")).hexdigest()


def _event(raw: dict[str, Any]) -> WebhookEvent:
    kept = dict(raw)
    message, link = raw.get("message"), raw.get("link")
    if isinstance(message, dict):
        kept["message"] = {"type": message.get("type")}
    if isinstance(link, dict):
        kept["link"] = {"result": link.get("result"), "nonce": nonce_hash(str(link.get("nonce", "")))}
    source = raw.get("source")
    by_user = isinstance(source, dict) and source.get("type") == "user"
    given = raw.get("webhookEventId")
    # Without LINE's id a repeated event is still recognised by its content.
    event_id = given if isinstance(given, str) and given else sha256(json.dumps(raw).encode()).hexdigest()
    return WebhookEvent(
        id=_clean(event_id)[:_MAX_ID_LENGTH],
        type=_clean(str(raw.get("type", "")))[:40],
        user_id=_clean(str(source.get("userId") or ""))[:_MAX_ID_LENGTH] if by_user and source else "",
        at=_moment(raw.get("timestamp")),
        payload=kept,
    )


def _clean(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _moment(milliseconds: object) -> datetime:
    if isinstance(milliseconds, int) and 0 < milliseconds < 4_102_444_800_000:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    return datetime.now(UTC)
