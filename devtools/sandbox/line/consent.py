"""The page of LINE Login on which people say who they are, and agree."""

import json
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

from devtools.sandbox.line.answers import refused, said
from devtools.sandbox.line.channels import BOT_NAME, LOGIN_CHANNEL_ID
from devtools.sandbox.line.login import Grant
from devtools.sandbox.line.people import Person
from devtools.sandbox.line.platform import CODE_SECONDS, Platform
from devtools.sandbox.web.server import CSP, Request, Response
from devtools.sandbox.web.templating import page

DENIED = {"error": "ACCESS_DENIED", "error_description": "The resource owner denied the request."}
_CHALLENGE = range(43, 129)
"""How long PKCE lets a challenge be."""


class Consent:
    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def authorize(self, request: Request) -> Response:
        """GET /oauth2/v2.1/authorize: who are you, and do you agree?"""
        if wrong := self._wrong(request.query):
            return page("line_error.html", status=400, sentence=wrong)
        # The answer to the form leads to the site: browsers hold that against form-action too.
        policy = CSP.replace("form-action 'self'", f"form-action 'self' {self._origins()}")
        return page(
            "line_authorize.html",
            headers={"Content-Security-Policy": policy},
            people=self._platform.people.values(),
            query=urlencode(request.query),
            friend="bot_prompt" in request.query,
            chosen=request.cookies.get("line_user", ""),
            name=BOT_NAME,
        )

    def decide(self, request: Request) -> Response:
        form = request.form
        query = dict(parse_qsl(form.get("query", ""), keep_blank_values=True))
        person = self._platform.people.get(form.get("user", ""))
        if self._wrong(query) or ("agree" in form and person is None):
            return page("line_error.html", status=400, sentence="This request is not valid.")
        to = self.answer(query, person, agree="agree" in form, add_friend="friend" in form)
        headers = {"Location": to}
        if person:
            headers["Set-Cookie"] = f"line_user={person.id}; Path=/; SameSite=Lax; HttpOnly"
        return Response("", 302, headers=headers)

    def decide_by_script(self, request: Request) -> Response:
        """POST /api/line/authorize {"url", "user", "agree", "add_friend"} → {"redirect"}."""
        try:
            wanted = json.loads(request.body or b"{}")
            query = dict(parse_qsl(urlsplit(wanted["url"]).query, keep_blank_values=True))
        except (ValueError, LookupError, TypeError):
            return refused(400, "The url is missing.")
        agree, person = bool(wanted.get("agree", True)), self._platform.people.get(wanted.get("user", ""))
        if wrong := self._wrong(query):
            return refused(400, wrong)
        if agree and person is None:
            return refused(400, "There is no such user.")
        to = self.answer(query, person, agree=agree, add_friend=bool(wanted.get("add_friend")))
        return said({"redirect": to})

    def answer(self, query: Mapping[str, str], person: Person | None, *, agree: bool, add_friend: bool) -> str:
        """Where the browser goes back to."""
        faults = self._platform.faults
        state = "another-state" if faults.wrong_state else query["state"]
        if not agree or person is None:
            return _with(query["redirect_uri"], {**DENIED, "state": state})
        code = self._platform.secret()
        scopes = tuple(query["scope"].split())
        grant = Grant(person.id, query["redirect_uri"], query.get("code_challenge", ""), query.get("nonce", ""), scopes)
        self._platform.codes.put(code, grant, until=self._platform.now() + CODE_SECONDS)
        answer = {"code": code, "state": state}
        changed = add_friend and "bot_prompt" in query and not person.hears_us
        if changed:
            self._platform.follow(person)
        if changed and not faults.omit_friendship_change:
            answer["friendship_status_changed"] = "true"
        return _with(query["redirect_uri"], answer)

    def _wrong(self, query: Mapping[str, str]) -> str:
        """Why there is no page, and no way back either: nobody knows whose address it would be."""
        if query.get("client_id") != LOGIN_CHANNEL_ID:
            return "400 Bad Request: invalid client_id. There is no such channel."
        if query.get("redirect_uri") not in self._platform.callback_urls:
            return "400 Bad Request: invalid redirect_uri. It is not registered in the channel, letter for letter."
        if query.get("response_type") != "code":
            return "400 Bad Request: the response_type must be code."
        if not query.get("state"):
            return "400 Bad Request: the state is missing."
        scopes = set(query.get("scope", "").split())
        if not scopes or scopes - {"profile", "openid", "email"}:
            return "400 Bad Request: the scope must be of profile, openid and email."
        challenge, method = query.get("code_challenge", ""), query.get("code_challenge_method", "")
        if (challenge or method) and (method != "S256" or len(challenge) not in _CHALLENGE):
            return "400 Bad Request: PKCE takes a code_challenge and the code_challenge_method S256."
        return ""

    def _origins(self) -> str:
        found = {f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" for url in self._platform.callback_urls}
        return " ".join(sorted(found))


def _with(uri: str, answer: Mapping[str, str]) -> str:
    return f"{uri}{'&' if urlsplit(uri).query else '?'}{urlencode(answer)}"
