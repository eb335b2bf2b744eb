"""LINE Login 2.1 from server to server: what a code is worth, and what its tokens open.

https://developers.line.biz/en/reference/line-login/
"""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from devtools.sandbox.line.answers import failed, oauth_error, oauth_failed, refused, said
from devtools.sandbox.line.channels import LOGIN_CHANNEL_ID, LOGIN_CHANNEL_SECRET
from devtools.sandbox.line.id_tokens import ISSUER, packed, read, sign
from devtools.sandbox.line.people import Person
from devtools.sandbox.line.platform import Platform
from devtools.sandbox.line.tokens import bearer, channel_of
from devtools.sandbox.web.server import Request, Response

MONTH = 30 * 24 * 3600
ID_TOKEN_SECONDS = 3600


@dataclass(frozen=True)
class Grant:
    """What somebody agreed to."""

    user_id: str
    redirect_uri: str
    challenge: str
    nonce: str
    scopes: tuple[str, ...]


class Login:
    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def token(self, request: Request) -> Response:
        form = request.form
        if failure := self._platform.faults.next_failure("token"):
            return oauth_failed(failure)
        if not _is_ours(form):
            return oauth_error("invalid_client", "client_id or client_secret is wrong")
        match form.get("grant_type"):
            case "authorization_code":
                return self._token_of_code(form)
            case "refresh_token":
                return self._token_of_refresh_token(form)
        return oauth_error("unsupported_grant_type", "unsupported grant_type")

    def _token_of_code(self, form: dict[str, str]) -> Response:
        grant: Grant | None = self._platform.codes.take(form.get("code", ""), now=self._platform.now())
        if grant is None:
            return oauth_error("invalid_grant", "invalid authorization code")
        if form.get("redirect_uri") != grant.redirect_uri:
            return oauth_error("invalid_grant", "redirect_uri does not match")
        verifier = form.get("code_verifier", "")
        if grant.challenge and packed(sha256(verifier.encode()).digest()) != grant.challenge:
            return oauth_error("invalid_grant", "invalid code_verifier")
        told = self._tokens(grant.user_id, grant.scopes, self._platform.secret())
        if "openid" in grant.scopes:
            told["id_token"] = self._id_token(grant)
        return said(told)

    def _token_of_refresh_token(self, form: dict[str, str]) -> Response:
        refresh = form.get("refresh_token", "")
        user_id = self._platform.refresh_tokens.get(refresh, now=self._platform.now())
        if user_id is None:
            return oauth_error("invalid_grant", "invalid refresh_token")
        return said(self._tokens(user_id, ("profile", "openid"), refresh))

    def verify(self, request: Request) -> Response:
        """POST with an ID token: its claims, when it is ours, unexpired and of this user and nonce."""
        form = request.form
        if failure := self._platform.faults.next_failure("verify"):
            return oauth_failed(failure)
        claims = read(form.get("id_token", ""))
        if claims is None:
            return oauth_error("invalid_request", "Invalid IdToken.")
        if claims["aud"] != form.get("client_id"):
            return oauth_error("invalid_request", "Invalid IdToken Audience.")
        if claims["exp"] < self._platform.now():
            return oauth_error("invalid_request", "IdToken expired.")
        if form.get("nonce") and claims.get("nonce") != form["nonce"]:
            return oauth_error("invalid_request", "Invalid IdToken Nonce.")
        if form.get("user_id") and claims["sub"] != form["user_id"]:
            return oauth_error("invalid_request", "Invalid IdToken Subject Identifier.")
        return said(claims)

    def verify_access_token(self, request: Request) -> Response:
        token = request.query.get("access_token", "")
        user_id, left = self._platform.access_tokens.lifetime(token, now=self._platform.now())
        if user_id is None:
            return oauth_error("invalid_request", "access token expired")
        return said({"scope": "profile openid", "client_id": LOGIN_CHANNEL_ID, "expires_in": int(left)})

    def revoke(self, request: Request) -> Response:
        if not _is_ours(request.form):
            return oauth_error("invalid_client", "client_id or client_secret is wrong")
        self._platform.access_tokens.take(request.form.get("access_token", ""), now=self._platform.now())
        return Response("", 200)

    def profile(self, request: Request) -> Response:
        if failure := self._platform.faults.next_failure("profile"):
            return failed(failure)
        person = self._person(bearer(request))
        if person is None:
            return refused(401, "invalid token")
        told = {"userId": person.id, "displayName": person.name}
        if picture := self._platform.picture_url(person):
            told["pictureUrl"] = picture
        return said(told)

    def friendship(self, request: Request) -> Response:
        if failure := self._platform.faults.next_failure("friendship"):
            return failed(failure)
        person = self._person(bearer(request))
        if person is None:
            return refused(401, "invalid token")
        return said({"friendFlag": person.hears_us})

    def deauthorize(self, request: Request) -> Response:
        """With a channel token of the login channel; ends everything that this user's consent gave."""
        if failure := self._platform.faults.next_failure("deauthorize"):
            return failed(failure)
        if channel_of(self._platform, request) != LOGIN_CHANNEL_ID:
            return refused(401)
        try:
            token = str(json.loads(request.body or b"{}").get("userAccessToken", ""))
        except (ValueError, AttributeError):
            token = ""
        person = self._person(token)
        if person is None:
            return refused(400, "invalid token")
        self._platform.access_tokens.drop_where(person.id)
        self._platform.refresh_tokens.drop_where(person.id)
        return Response("", 204)

    def _person(self, access_token: str) -> Person | None:
        user_id = self._platform.access_tokens.get(access_token, now=self._platform.now())
        return self._platform.people.get(user_id or "")

    def _tokens(self, user_id: str, scopes: tuple[str, ...], refresh: str) -> dict[str, Any]:
        access, now = self._platform.secret(), self._platform.now()
        self._platform.access_tokens.put(access, user_id, until=now + MONTH)
        self._platform.refresh_tokens.put(refresh, user_id, until=now + 3 * MONTH)
        return {
            "access_token": access,
            "refresh_token": refresh,
            "expires_in": MONTH,
            "token_type": "Bearer",
            "scope": " ".join(scopes),
        }

    def _id_token(self, grant: Grant) -> str:
        person, now = self._platform.people[grant.user_id], int(self._platform.now())
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "sub": person.id,
            "aud": LOGIN_CHANNEL_ID,
            "exp": now + ID_TOKEN_SECONDS,
            "iat": now,
            "amr": ["linesso"],
        }
        if grant.nonce:
            claims["nonce"] = grant.nonce
        if "profile" in grant.scopes:
            claims["name"] = person.name
            if picture := self._platform.picture_url(person):
                claims["picture"] = picture
        return sign(claims)


def _is_ours(form: dict[str, str]) -> bool:
    return (form.get("client_id"), form.get("client_secret")) == (LOGIN_CHANNEL_ID, LOGIN_CHANNEL_SECRET)
