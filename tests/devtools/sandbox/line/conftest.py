"""LINE over real HTTP, in this process; and a site that takes its events, or does not."""

import json
import socket
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import urllib3

from devtools.sandbox.line import channels
from devtools.sandbox.line.people import Person
from devtools.sandbox.line.platform import Platform
from devtools.sandbox.line.routes import routes
from devtools.sandbox.web.server import Request, Response, start
from tests.waiting import LIMIT_SECONDS

CALLBACK = "https://site.example/line/callback/"
VERIFIER = "v" * 43
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
Answer = urllib3.BaseHTTPResponse


@dataclass
class Line:
    """What a site and its people do at LINE."""

    platform: Platform
    url: str
    pool: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(retries=False, timeout=LIMIT_SECONDS))

    def person(self, name: str = "花子") -> Person:
        return next(person for person in self.platform.people.values() if person.name == name)

    def call(self, method: str, path: str, **options: Any) -> Answer:
        return self.pool.request(method, f"{self.url}{path}", redirect=False, **options)

    def form(self, path: str, **fields: str) -> Answer:
        return self.call("POST", path, fields=fields, encode_multipart=False)

    def channel_token(self, channel: str = channels.MESSAGING_CHANNEL_ID) -> str:
        answer = self.form(
            "/oauth2/v3/token",
            grant_type="client_credentials",
            client_id=channel,
            client_secret=channels.SECRETS[channel],
        )
        return str(answer.json()["access_token"])

    def bot(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """A call of the Messaging API."""
        told = {"Authorization": f"Bearer {self.channel_token()}", **headers}
        return self.call(method, path, headers=told, **({} if body is None else {"json": body}))

    def push(self, to: str, *messages: Any, **headers: str) -> Answer:
        texts = [{"type": "text", "text": one} if isinstance(one, str) else one for one in messages]
        return self.bot("POST", "/v2/bot/message/push", {"to": to, "messages": texts}, **headers)

    def received(self, person: Person) -> list[str]:
        chat = self.call("GET", f"/api/line/messages?user={person.id}").json()
        return [one["text"] for one in chat if one["from"] == "bot"]

    def authorize_path(self, **changes: str | None) -> str:
        query = {
            "response_type": "code",
            "client_id": channels.LOGIN_CHANNEL_ID,
            "redirect_uri": CALLBACK,
            "state": "the-state",
            "scope": "profile openid",
            "nonce": "the-nonce",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            "bot_prompt": "aggressive",
            **changes,
        }
        return "/oauth2/v2.1/authorize?" + urlencode({name: value for name, value in query.items() if value})

    def decide(self, **fields: str) -> Answer:
        """Send the form of the page of LINE Login."""
        return self.form("/oauth2/v2.1/authorize", query=urlsplit(self.authorize_path()).query, **fields)

    def code(self, person: Person, **fields: str) -> str:
        return query_of(self.decide(user=person.id, agree="yes", **fields).headers["Location"])["code"]

    def exchange(self, code: str, /, **changes: str) -> Answer:
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "client_id": channels.LOGIN_CHANNEL_ID,
            "client_secret": channels.LOGIN_CHANNEL_SECRET,
            "code_verifier": VERIFIER,
        }
        return self.form("/oauth2/v2.1/token", **(fields | changes))


def query_of(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@dataclass
class Site:
    """Takes events, with the statuses that are asked for first; afterwards with 200."""

    url: str
    statuses: list[int] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    def take(self, request: Request) -> Response:
        self.requests.append(request)
        return Response("", self.statuses.pop(0) if self.statuses else 200)

    @property
    def events(self) -> list[dict[str, Any]]:
        return [event for request in self.requests for event in json.loads(request.body)["events"]]


@pytest.fixture
def site() -> Iterator[Site]:
    listener = socket.create_server(("127.0.0.1", 0))
    made = Site(f"http://127.0.0.1:{listener.getsockname()[1]}/webhook")
    server = start([("POST", "/webhook", lambda request: made.take(request))], listener)
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def line(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    monkeypatch.setattr("devtools.sandbox.line.webhooks.PAUSES", (0.01, 0.02, 0.03, 0.04))
    monkeypatch.setattr("devtools.sandbox.line.webhooks._SECONDS", LIMIT_SECONDS)
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    platform = Platform(webhook_url=site.url, callback_urls=[CALLBACK], origin=url)
    server = start(routes(platform), listener)
    made = Line(platform, url)
    yield made
    made.pool.clear()
    platform.close()
    server.shutdown()
    server.server_close()


@pytest.fixture
def friend(line: Line, site: Site) -> Person:
    """花子, a friend already; her `follow` was taken."""
    person = line.person()
    line.platform.follow(person)
    assert line.platform.webhooks.wait_until_idle()
    site.requests.clear()
    return person
