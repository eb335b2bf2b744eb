"""A LINE of its own for a test: the sandbox's platform, over real HTTP, with the site as its webhook."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock
from urllib.parse import parse_qs, urlsplit

import urllib3

from devtools.sandbox.line import channels, webhooks
from devtools.sandbox.line.people import Person
from devtools.sandbox.line.platform import Message, Platform
from devtools.sandbox.line.routes import routes
from devtools.sandbox.line.scripts import newest_action
from devtools.sandbox.web.server import start
from devtools.sandbox.web.templating import stylesheet
from notifications import tasks
from notifications.channels.line import http, shared_client
from notifications.channels.line.config import LineServer
from tests.waiting import LIMIT_SECONDS


@dataclass
class LineWorld:
    """What a test does on LINE, and sees there."""

    platform: Platform
    url: str
    server: LineServer

    def person(self, name: str) -> Person:
        return next(one for one in self.platform.people.values() if one.name == name)

    def settle(self) -> None:
        """Until every event has come to the site and was worked off, and what is owed was sent."""
        assert self.platform.webhooks.wait_until_idle()
        tasks.work_line()
        assert self.platform.webhooks.wait_until_idle()

    def follow(self, person: Person) -> None:
        self.platform.follow(person)
        self.settle()

    def block(self, person: Person) -> None:
        self.platform.block(person)
        self.settle()

    def say(self, person: Person, text: str = "hello") -> None:
        self.platform.say(person, {"type": "text", "text": text})
        self.settle()

    def tap(self, person: Person, label: str) -> str:
        """Tap the newest button of that label; returns the address that it opens, if it opens one."""
        action = newest_action(self.platform.chat(person.id), label)
        assert action, f"no button {label!r} in the chat of {person.name}: {self.texts(person)}"
        if action["type"] == "uri":
            return str(action["uri"])
        self.platform.postback(person, action)
        self.settle()
        return ""

    def link_from_chat(self, person: Person, label: str = "ショップを連携", page: str = "ページを開く") -> str:
        """Ask in the chat for the link; returns its path on the site."""
        self.tap(person, label)
        return urlsplit(self.tap(person, page)).path

    def open_dialog(self, location: str, person: Person) -> int:
        """Follow the site's redirect to LINE as this LINE user; returns LINE's status."""
        answer = urllib3.request("GET", f"{location}&as={person.id}", redirect=False, timeout=LIMIT_SECONDS)
        self.settle()
        return int(answer.status)

    def authorize(self, location: str, person: Person, *, agree: bool = True, add_friend: bool = True) -> str:
        """Answer at LINE Login; returns path and query that the browser goes back to."""
        body = {"url": location, "user": person.id, "agree": agree, "add_friend": add_friend}
        answer = urllib3.request("POST", f"{self.url}/api/line/authorize", json=body, timeout=LIMIT_SECONDS)
        assert answer.status == 200, answer.data
        back = urlsplit(json.loads(answer.data)["redirect"])
        return f"{back.path}?{back.query}"

    def received(self, person: Person) -> list[Message]:
        return [one for one in self.platform.chat(person.id) if one.by_bot]

    def texts(self, person: Person) -> list[str]:
        """The alt texts of what arrived, oldest first."""
        return [str(one.content.get("altText") or one.content.get("text")) for one in self.received(person)]

    def fault(self, **faults: Any) -> None:
        self.platform.faults.lay_over(faults)


def query_of(location: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


@contextmanager
def line_world(site: str) -> Iterator[LineWorld]:
    """Running until the end of the block; `site` is where its webhooks and browsers go."""
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with mock.patch.object(webhooks, "_SECONDS", LIMIT_SECONDS):
        platform = Platform(f"{site}/line/webhook/", (f"{site}/line/callback/",), origin=url)
    web = start([*routes(platform), ("GET", "/sandbox.css", lambda request: stylesheet())], listener)
    server = LineServer(
        channel_id=channels.MESSAGING_CHANNEL_ID,
        channel_secret=channels.MESSAGING_CHANNEL_SECRET,
        login_channel_id=channels.LOGIN_CHANNEL_ID,
        login_channel_secret=channels.LOGIN_CHANNEL_SECRET,
        friend_url=f"{url}/line/add",
        api_url=url,
        access_url=url,
        pictures_url=url,
    )
    _forget_clients()
    try:
        with mock.patch.multiple(http, _CONNECT_SECONDS=LIMIT_SECONDS, _READ_SECONDS=LIMIT_SECONDS):
            yield LineWorld(platform, url, server)
    finally:
        platform.close()
        web.shutdown()
        web.server_close()
        _forget_clients()


def _forget_clients() -> None:
    """The next ones are made for the server and the time-outs of then."""
    shared_client.client.cache_clear()
    http._pool().clear()
    http._pool.cache_clear()
