"""The return path (envelope sender) that names a delivery, so that a bounce is matched whatever address it quotes.

The local part is `bounce+`, then in base32: the delivery's id, the millisecond of the attempt, and a MAC of both.
Base32 ignores case: some servers change it. RFC 5321, 4.5.3.1.1: at most 64 octets.
"""

import binascii
import hmac
from base64 import b32decode, b32encode
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

_PREFIX = "bounce+"
_MOMENT_BYTES = 6
_MAC_BYTES = 8
_TOKEN_BYTES = 16 + _MOMENT_BYTES + _MAC_BYTES
_TOKEN_LENGTH = _TOKEN_BYTES // 5 * 8
_PURPOSE = b"sellerhub.notifications.return_path"


class AttemptRef(NamedTuple):
    """One attempt of one delivery, by the time it was sent."""

    delivery_id: UUID
    at: datetime


class ReturnPath:
    """Writes and reads the return paths of one domain."""

    def __init__(self, domain: str, *, secret: str, former_secrets: Iterable[str] = ()) -> None:
        self.domain = domain.lower()
        self._keys = [_key(one) for one in (secret, *former_secrets)]

    def address(self, left: AttemptRef) -> bytes:
        """Return the envelope sender of this attempt."""
        named = left.delivery_id.bytes + int(left.at.timestamp() * 1000).to_bytes(_MOMENT_BYTES, "big")
        token = b32encode(named + _mac(self._keys[0], named)).lower()
        return b"%b%b@%b" % (_PREFIX.encode(), token, self.domain.encode())

    def read(self, address: str) -> AttemptRef | None:
        """Return the attempt that a return path names; None when we did not write it."""
        local, _at, domain = address.strip().strip("<>").rpartition("@")
        token = local[len(_PREFIX) :]
        if domain.lower() != self.domain or local[: len(_PREFIX)].lower() != _PREFIX or len(token) != _TOKEN_LENGTH:
            return None
        try:
            plain = b32decode(token, casefold=True)
        except (binascii.Error, ValueError):
            return None
        named, mac = plain[:-_MAC_BYTES], plain[-_MAC_BYTES:]
        # All keys are compared, so that the time reveals nothing.
        if not any([hmac.compare_digest(_mac(key, named), mac) for key in self._keys]):  # noqa: C419
            return None
        milliseconds = int.from_bytes(named[16:], "big")
        return AttemptRef(UUID(bytes=named[:16]), datetime.fromtimestamp(milliseconds / 1000, UTC))


def _key(secret: str) -> bytes:
    return hmac.digest(secret.encode(), _PURPOSE, "sha256")


def _mac(key: bytes, named: bytes) -> bytes:
    return hmac.digest(key, named, "sha256")[:_MAC_BYTES]
