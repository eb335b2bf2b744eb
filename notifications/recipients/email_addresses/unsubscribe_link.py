"""Create and verify unsubscribe links of optional e-mails; creating costs one HMAC, for every mail has a link.

A token holds a MAC, then the address's id, the day of creation, a fingerprint of the address and the type's key, in
base64url (RFC 4648, 5). Its holder may stop and resume optional notifications to this one address.
"""

import hmac
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from django.conf import settings

from notifications.models import Address
from notifications.types.definitions import TYPES, NotificationType

from .normalisation import same

VALID_FOR = timedelta(days=365)

_PURPOSE = b"sellerhub.notifications.unsubscribe"
_MAC_BYTES = 16
_ID_BYTES = 16
_DAY_BYTES = 2
_FINGERPRINT_BYTES = 6
_HEAD_BYTES = _ID_BYTES + _DAY_BYTES + _FINGERPRINT_BYTES
_MAX_TOKEN_LENGTH = 200
_SECONDS_A_DAY = 24 * 60 * 60


class UnsubscribeState(Enum):
    """The state of an unsubscribe link."""

    VALID = "valid"
    EXPIRED = "expired"
    REQUIRED = "required"
    """Its notification type is required and cannot be stopped."""
    GONE = "gone"
    """The seller account has removed the address."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class UnsubscribeLink:
    """An opened link. Address and type are set unless the state is GONE or UNKNOWN."""

    state: UnsubscribeState
    address: Address | None = None
    kind: NotificationType | None = None


class Named(NamedTuple):
    """The content of a token whose MAC is valid."""

    address_id: UUID
    type_key: str
    fingerprint: bytes
    age: timedelta


def unsubscribe_token(address_id: UUID, type_key: str, email: str) -> str:
    """Return a token for this type and the current spelling of this address."""
    named = b"%b%b%b%b" % (
        address_id.bytes,
        _today().to_bytes(_DAY_BYTES, "big"),
        _fingerprint(email),
        type_key.encode("ascii"),
    )
    mac = _mac(_key(settings.SECRET_KEY), named)
    return urlsafe_b64encode(mac + named).rstrip(b"=").decode("ascii")


def read_unsubscribe_token(token: str) -> Named | None:
    """Return the token's content, whatever its age; None when its MAC is not valid."""
    if not token.isascii() or len(token) > _MAX_TOKEN_LENGTH:
        return None
    try:
        plain = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except Error:
        return None
    if urlsafe_b64encode(plain).rstrip(b"=").decode("ascii") != token:
        return None  # only the canonical encoding is valid
    mac, named = plain[:_MAC_BYTES], plain[_MAC_BYTES:]
    keys = [_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    # Compare with all keys, so that the time taken reveals nothing.
    if not any([hmac.compare_digest(_mac(key, named), mac) for key in keys]):  # noqa: C419
        return None
    day = int.from_bytes(named[_ID_BYTES : _ID_BYTES + _DAY_BYTES], "big")
    return Named(
        UUID(bytes=named[:_ID_BYTES]),
        named[_HEAD_BYTES:].decode("ascii"),
        named[_ID_BYTES + _DAY_BYTES : _HEAD_BYTES],
        timedelta(days=_today() - day),
    )


def open_unsubscribe_link(token: str) -> UnsubscribeLink:
    """Return the link's state, address and type; a token without a valid MAC causes no query."""
    named = read_unsubscribe_token(token)
    if named is None or named.type_key not in TYPES:
        return UnsubscribeLink(UnsubscribeState.UNKNOWN)
    address = Address.objects.select_related("account").filter(pk=named.address_id).first()
    if address is None or not hmac.compare_digest(_fingerprint(address.email), named.fingerprint):
        return UnsubscribeLink(UnsubscribeState.GONE)
    kind = TYPES[named.type_key]
    if kind.required:
        return UnsubscribeLink(UnsubscribeState.REQUIRED, address, kind)
    state = UnsubscribeState.EXPIRED if named.age > VALID_FOR else UnsubscribeState.VALID
    return UnsubscribeLink(state, address, kind)


def _today() -> int:
    return int(time.time()) // _SECONDS_A_DAY


def _fingerprint(email: str) -> bytes:
    return sha256(same(email).encode()).digest()[:_FINGERPRINT_BYTES]


@lru_cache(maxsize=16)
def _key(secret: str) -> bytes:
    return hmac.digest(secret.encode(), _PURPOSE, "sha256")


def _mac(key: bytes, named: bytes) -> bytes:
    return hmac.digest(key, named, "sha256")[:_MAC_BYTES]
