"""LINE Login 2.1: identify a LINE user, and find out whether they are our friend.

https://developers.line.biz/en/docs/line-login/integrate-line-login/
"""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from .config import LineServer
from .http import LineApiError, LineError, get, post_form, post_json
from .tokens import issue

_ISSUER = "https://access.line.me"


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens that LINE issued for an authorization code."""

    access: str
    refresh: str
    id_token: str


@dataclass(frozen=True, slots=True)
class Person:
    """A LINE user, identified by the ID token."""

    user_id: str
    name: str = ""
    picture_url: str = ""
    language: str = ""
    """As LINE writes it: `ja`, `en`, `zh-Hant`; empty when LINE gives none."""


def authorize_url(
    server: LineServer,
    *,
    redirect_uri: str,
    state: str,
    nonce: str,
    verifier: str,
    language: str,
    auto_login: bool = True,
) -> str:
    """Return the URL where the user signs in and consents. Every parameter is ours."""
    challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    parameters = {
        "response_type": "code",
        "client_id": server.login_channel_id,
        "redirect_uri": redirect_uri,
        "state": state,
        "scope": "profile openid",
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "prompt": "consent",
        "bot_prompt": "aggressive",
        "ui_locales": "ja-JP" if language.startswith("ja") else "en-US",
    }
    if not auto_login:
        parameters["disable_auto_login"] = "true"
    return f"{server.access_url}/oauth2/v2.1/authorize?{urlencode(parameters)}"


def exchange(server: LineServer, *, code: str, redirect_uri: str, verifier: str) -> Tokens:
    """Exchange the authorization code, which works once, for tokens; raises LineError."""
    said = post_form(
        f"{server.api_url}/oauth2/v2.1/token",
        {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "client_id": server.login_channel_id,
            "client_secret": server.login_channel_secret,
            "code_verifier": verifier,
        },
    )
    return Tokens(_text(said, "access_token"), str(said.get("refresh_token") or ""), _text(said, "id_token"))


def identify(server: LineServer, tokens: Tokens, *, nonce: str) -> Person:
    """Verify the ID token with LINE, and check that it was issued to us and for this attempt; raises LineError."""
    claims = post_form(
        f"{server.api_url}/oauth2/v2.1/verify",
        {"id_token": tokens.id_token, "client_id": server.login_channel_id, "nonce": nonce},
    )
    expected = {"iss": _ISSUER, "aud": server.login_channel_id, "nonce": nonce}
    wrong = [name for name, value in expected.items() if claims.get(name) != value]
    if wrong:
        raise LineError(f"The ID token's {', '.join(wrong)} is not what it must be")
    return Person(_text(claims, "sub"), str(claims.get("name") or "")[:120], str(claims.get("picture") or "")[:1000])


def is_friend(server: LineServer, tokens: Tokens) -> bool:
    """Return whether our official account is a friend and not blocked; raises LineError."""
    return get(f"{server.api_url}/friendship/v1/status", token=tokens.access).get("friendFlag") is True


def deauthorize(server: LineServer, refresh_token: str) -> None:
    """Tell LINE that the user's consent ended, as its terms require; raises LineError when the call must be repeated.

    A token that LINE no longer knows counts as success.
    """
    try:
        said = post_form(
            f"{server.api_url}/oauth2/v2.1/token",
            {
                "grant_type": "refresh_token",
                "refresh_token": refresh_token,
                "client_id": server.login_channel_id,
                "client_secret": server.login_channel_secret,
            },
        )
        access = _text(said, "access_token")
        token, _lifetime = issue(server, channel_id=server.login_channel_id, secret=server.login_channel_secret)
        post_json(f"{server.api_url}/user/v1/deauthorize", {"userAccessToken": access}, token=token)
    except LineApiError as error:
        if error.status != 400 or error.error == "invalid_client":
            raise


def _text(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str) or not value:
        raise LineError(f"LINE's answer holds no {name}")
    return value
