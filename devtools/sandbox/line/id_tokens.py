"""ID tokens: HS256 with the channel secret, as web logins get them.

https://developers.line.biz/en/docs/line-login/verify-id-token/
"""

import hmac
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from devtools.sandbox.line.channels import LOGIN_CHANNEL_SECRET

ISSUER = "https://access.line.me"


def sign(claims: dict[str, Any]) -> str:
    head = packed(json.dumps({"typ": "JWT", "alg": "HS256"}).encode())
    body = packed(json.dumps(claims).encode())
    return f"{head}.{body}.{_signature(f'{head}.{body}')}"


def read(token: str) -> dict[str, Any] | None:
    """The claims of a token of ours, else None."""
    found = re.fullmatch(r"([\w-]+)\.([\w-]+)\.([\w-]+)", token, re.ASCII)
    if not found or not hmac.compare_digest(_signature(f"{found[1]}.{found[2]}"), found[3]):
        return None
    claims: dict[str, Any] = json.loads(urlsafe_b64decode(found[2] + "=" * (-len(found[2]) % 4)))
    return claims


def packed(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _signature(text: str) -> str:
    return packed(hmac.digest(LOGIN_CHANNEL_SECRET.encode(), text.encode(), "sha256"))
