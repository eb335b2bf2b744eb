"""LINE Login 2.1: the page where people say who they are, and what the code is worth."""

import hmac
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from sandbox.line.answers import oauth_error, refused, said
from sandbox.line.channels import LOGIN_CHANNEL_ID, LOGIN_CHANNEL_SECRET
from sandbox.line.people import Person
from sandbox.line.platform import CODE_SECONDS, Platform
from sandbox.line.tokens import bearer, channel_of
from sandbox.web.server import CSP, Request, Response
from sandbox.web.templating import page

ISSUER = "https://access.line.me"
MONTH = 30 * 24 * 3600


@dataclass(frozen=True)
class Grant:
    """What somebody agreed to."""

    user_id: str
    redirect_uri: str
    challenge: str
    nonce: str


class Login:
    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    # --- In the browser

    def authorize(self, request: Request) -> Response:
        """Who are you, and do you agree?"""
        wrong = self._wrong(request.query)
        if wrong:
            return page("line_error.html", status=400, sentence=wrong)
        policy = CSP.replace("form-action 'self'", f"form-action 'self' {self._origins()}")
        return page(
            "line_authorize.html",
            headers={"Content-Security-Policy": policy},
            people=self._platform.people.values(),
            query=urlencode(request.query),
            friend="bot_prompt" in request.query,
            chosen=request.cookies.get("line_user", ""),
        )

    def decide(self, request: Request) -> Response:
        form = request.form
        query = dict(parse_qsl(form.get("query", "")))
        if self._wrong(query):
            return page("line_error.html", status=400, sentence="This request is not valid.")
        person = self._platform.people.get(form.get("user", ""))
        to = self.answer(query, person, agree="agree" in form, add_friend="friend" in form)
        headers = {"Location": to}
        if person:
            headers["Set-Cookie"] = f"line_user={person.id}; Path=/; SameSite=Lax; HttpOnly"
        return Response("", 302, headers=headers)

    def decide_by_script(self, request: Request) -> Response:
        """POST /api/line/authorize {"url", "user", "agree", "add_friend"} → {"redirect"}."""
        wanted = json.loads(request.body or b"{}")
        query = dict(parse_qsl(urlsplit(wanted["url"]).query))
        if wrong := self._wrong(query):
            return refused(400, wrong)
        person = self._platform.people.get(wanted.get("user", ""))
        to = self.answer(
            query, person, agree=bool(wanted.get("agree", True)), add_friend=bool(wanted.get("add_friend"))
        )
        return said({"redirect": to})

    def answer(self, query: dict[str, str], person: Person | None, *, agree: bool, add_friend: bool) -> str:
        """Where the browser goes back to."""
        faults = self._platform.faults
        state = "another-state" if faults.wrong_state else query["state"]
        if not agree or person is None:
            told = {"error": "ACCESS_DENIED", "error_description": "The+user+has+denied+the+approval"}
            return f"{query['redirect_uri']}?{urlencode({**told, 'state': state})}"
        code = self._platform.secret()
        grant = Grant(person.id, query["redirect_uri"], query.get("code_challenge", ""), query.get("nonce", ""))
        self._platform.codes.put(code, grant, until=self._platform.now() + CODE_SECONDS)
        answer = {"code": code, "state": state}
        if add_friend and not person.hears_us:
            self._platform.follow(person)
            if not faults.omit_friendship_change:
                answer["friendship_status_changed"] = "true"
        return f"{query['redirect_uri']}?{urlencode(answer)}"

    def _wrong(self, query: Any) -> str:
        if query.get("client_id") != LOGIN_CHANNEL_ID:
            return "There is no such channel (client_id)."
        if query.get("redirect_uri") not in self._platform.callback_urls:
            return "The redirect_uri is not registered in the channel."
        if query.get("response_type") != "code":
            return "The response_type must be code."
        if not query.get("state"):
            return "The state is missing."
        if not {"profile", "openid"} & set(query.get("scope", "").split()):
            return "The scope is missing."
        if query.get("code_challenge") and query.get("code_challenge_method") != "S256":
            return "The code_challenge_method must be S256."
        return ""

    def _origins(self) -> str:
        found = {f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" for url in self._platform.callback_urls}
        return " ".join(sorted(found))

    # --- From server to server

    def token(self, request: Request) -> Response:
        form = request.form
        if failure := self._platform.faults.next_failure("token"):
            return oauth_error("server_error", "fault", failure.status)
        if (form.get("client_id"), form.get("client_secret")) != (LOGIN_CHANNEL_ID, LOGIN_CHANNEL_SECRET):
            return oauth_error("invalid_client", "invalid client_secret")
        now = self._platform.now()
        if form.get("grant_type") == "refresh_token":
            user_id = self._platform.refresh_tokens.get(form.get("refresh_token", ""), now=now)
            if user_id is None:
                return oauth_error("invalid_grant", "invalid refresh token")
            return said(self._tokens(user_id, refresh=form["refresh_token"]))
        if form.get("grant_type") != "authorization_code":
            return oauth_error("unsupported_grant_type", "unsupported grant type")
        grant: Grant | None = self._platform.codes.take(form.get("code", ""), now=now)
        if grant is None:
            return oauth_error("invalid_grant", "invalid authorization code")
        if form.get("redirect_uri") != grant.redirect_uri:
            return oauth_error("invalid_grant", "redirect_uri does not match")
        if grant.challenge and _challenge(form.get("code_verifier", "")) != grant.challenge:
            return oauth_error("invalid_grant", "invalid code_verifier")
        return said({**self._tokens(grant.user_id), "id_token": self._id_token(grant)})

    def verify(self, request: Request) -> Response:
        """POST with an ID token: its claims, when it is ours, unexpired and of this nonce."""
        form = request.form
        if failure := self._platform.faults.next_failure("verify"):
            return oauth_error("server_error", "fault", failure.status)
        claims = _read(form.get("id_token", ""))
        if claims is None:
            return oauth_error("invalid_request", "Invalid IdToken.")
        if claims["aud"] != form.get("client_id"):
            return oauth_error("invalid_request", "Invalid IdToken Audience.")
        if claims["exp"] < self._platform.now():
            return oauth_error("invalid_request", "IdToken expired.")
        if form.get("nonce") and claims.get("nonce") != form["nonce"]:
            return oauth_error("invalid_request", "Invalid IdToken Nonce.")
        return said(claims)

    def verify_access_token(self, request: Request) -> Response:
        if self._person(request.query.get("access_token", "")) is None:
            return oauth_error("invalid_request", "access token expired")
        return said({"scope": "profile openid", "client_id": LOGIN_CHANNEL_ID, "expires_in": MONTH})

    def revoke(self, request: Request) -> Response:
        self._platform.access_tokens.take(request.form.get("access_token", ""), now=self._platform.now())
        return said({})

    def profile(self, request: Request) -> Response:
        person = self._person(bearer(request))
        if person is None:
            return refused(401, "invalid token")
        return said(
            {"userId": person.id, "displayName": person.name, "pictureUrl": self._platform.picture_url(person)}
        )

    def friendship(self, request: Request) -> Response:
        if failure := self._platform.faults.next_failure("friendship"):
            return refused(failure.status)
        person = self._person(bearer(request))
        if person is None:
            return refused(401, "invalid token")
        return said({"friendFlag": person.hears_us})

    def deauthorize(self, request: Request) -> Response:
        if failure := self._platform.faults.next_failure("deauthorize"):
            return refused(failure.status)
        if channel_of(self._platform, request) != LOGIN_CHANNEL_ID:
            return refused(401)
        token = json.loads(request.body or b"{}").get("userAccessToken", "")
        person = self._person(token)
        if person is None:
            return refused(400, "invalid token")
        with self._platform.lock:
            self._platform.access_tokens.drop_where(person.id)
            self._platform.refresh_tokens.drop_where(person.id)
        return Response("", 204)

    def _person(self, access_token: str) -> Person | None:
        user_id = self._platform.access_tokens.get(access_token, now=self._platform.now())
        return self._platform.people.get(user_id or "")

    def _tokens(self, user_id: str, *, refresh: str = "") -> dict[str, Any]:
        access, refresh, now = self._platform.secret(), refresh or self._platform.secret(), self._platform.now()
        self._platform.access_tokens.put(access, user_id, until=now + MONTH)
        self._platform.refresh_tokens.put(refresh, user_id, until=now + 3 * MONTH)
        return {
            "access_token": access,
            "refresh_token": refresh,
            "expires_in": MONTH,
            "token_type": "Bearer",
            "scope": "profile openid",
        }

    def _id_token(self, grant: Grant) -> str:
        person, now = self._platform.people[grant.user_id], int(self._platform.now())
        claims = {
            "iss": ISSUER,
            "sub": person.id,
            "aud": LOGIN_CHANNEL_ID,
            "exp": now + 3600,
            "iat": now,
            "nonce": grant.nonce,
            "amr": ["linesso"],
            "name": person.name,
            "picture": self._platform.picture_url(person),
        }
        head = _packed(json.dumps({"typ": "JWT", "alg": "HS256"}).encode())
        body = _packed(json.dumps(claims).encode())
        return f"{head}.{body}.{_signature(f'{head}.{body}')}"


def _read(token: str) -> dict[str, Any] | None:
    found = re.fullmatch(r"([\w-]+)\.([\w-]+)\.([\w-]+)", token)
    if not found or not hmac.compare_digest(_signature(f"{found[1]}.{found[2]}"), found[3]):
        return None
    claims: dict[str, Any] = json.loads(urlsafe_b64decode(found[2] + "=" * (-len(found[2]) % 4)))
    return claims


def _signature(text: str) -> str:
    return _packed(hmac.digest(LOGIN_CHANNEL_SECRET.encode(), text.encode(), "sha256"))


def _challenge(verifier: str) -> str:
    return _packed(sha256(verifier.encode()).digest())


def _packed(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
