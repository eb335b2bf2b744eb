"""The phone: a chat with our account, as a person sees it."""

import json
from typing import Any
from urllib.parse import quote

from devtools.sandbox.line import faults
from devtools.sandbox.line.channels import BASIC_ID, BOT_NAME
from devtools.sandbox.line.drawing import Look, sheet
from devtools.sandbox.line.people import Person
from devtools.sandbox.line.platform import Platform
from devtools.sandbox.line.scripts import IMAGE, STICKER
from devtools.sandbox.web.server import Request, Response, not_found, redirect
from devtools.sandbox.web.templating import page

MAX_SHOWN = 60
_FACE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 80"><rect width="80" height="80" fill="{colour}"/>'
    '<text x="40" y="53" font-size="36" font-family="sans-serif" text-anchor="middle" fill="#fff">{initial}</text>'
    "</svg>"
)
STICKER_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"><circle cx="48" cy="50" r="38" fill="#ffd76e"/>'
    '<circle cx="35" cy="44" r="4.5" fill="#4a3512"/><circle cx="61" cy="44" r="4.5" fill="#4a3512"/>'
    '<path d="M32 58q16 17 32 0" fill="none" stroke="#4a3512" stroke-width="4" stroke-linecap="round"/>'
    '<circle cx="27" cy="56" r="5" fill="#ff9d7a"/><circle cx="69" cy="56" r="5" fill="#ff9d7a"/></svg>'
)
PHOTO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 120"><rect width="160" height="120" fill="#bfe0ee"/>'
    '<circle cx="122" cy="32" r="14" fill="#fff3c4"/><path d="M0 92l44-42 34 34 24-20 58 56H0z" fill="#6fa389"/>'
    '<path d="M0 108l60-26 100 38H0z" fill="#4f8a70"/></svg>'
)
# The table stands in the docstring, where whoever changes the faults sees it.
_TABLE = [
    [cell.strip(" `").replace("`", "") for cell in line.strip("|").split("|")]
    for line in (faults.__doc__ or "").splitlines()
    if line.startswith("| ") and not line.startswith("| key")
]


class Phone:
    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def index(self, request: Request) -> Response:
        return page("line_index.html", people=self._platform.people.values(), faults=self._faults())

    def scripts(self, request: Request) -> Response:
        return page("line_scripts.html", faults_table=_TABLE)

    def add(self, request: Request) -> Response:
        """Where the friend link and the QR code lead."""
        return page("line_add.html", people=self._platform.people.values(), name=BOT_NAME, basic_id=BASIC_ID)

    def phone(self, request: Request, user_id: str) -> Response:
        """The frame; the chat in it renews itself, what is being written stays."""
        person = self._platform.people.get(user_id)
        if person is None:
            return not_found()
        still = "still" in request.query
        return page("line_phone.html", headers=_as(person), person=person, name=BOT_NAME, still=still)

    def chat(self, request: Request, user_id: str) -> Response:
        person = self._platform.people.get(user_id)
        if person is None:
            return not_found()
        still = "still" in request.query
        return page(
            "line_chat.html",
            headers=_as(person),
            person=person,
            messages=self._platform.chat(user_id)[-MAX_SHOWN:],
            still=still,
            name=BOT_NAME,
            address=f"/line/phone/{user_id}/tap" + ("?still=1" if still else ""),
            look=Look(),
        )

    def look(self, request: Request) -> Response:
        """The rules behind the class names of the chat."""
        return Response(sheet(request.query.get("of", "")), content_type="text/css; charset=utf-8")

    def act(self, request: Request, user_id: str, what: str) -> Response:
        person = self._platform.people.get(user_id)
        if person is None:
            return not_found()
        form = request.form
        if what == "say" and form.get("text", "").strip():
            self._platform.say(person, {"type": "text", "text": form["text"].strip()[:5000]})
        elif what in ("sticker", "image"):
            self._platform.say(person, dict(STICKER if what == "sticker" else IMAGE))
        elif what == "tap":
            self._tap(person, form.get("action", ""))
        elif what == "block":
            self._platform.block(person)
        elif what in ("follow", "unblock"):
            self._platform.follow(person)
        still = "?still=1" if "still" in request.query else ""
        return redirect(f"/line/phone/{person.id}" + ("/chat" if what == "tap" else "") + still)

    def _tap(self, person: Person, raw: str) -> None:
        try:
            action = json.loads(raw)
        except ValueError:
            return
        if isinstance(action, dict) and isinstance(action.get("data", ""), str):
            self._platform.tap(person, action)

    def picture(self, request: Request, user_id: str) -> Response:
        person = self._platform.people.get(user_id)
        if person is None:
            return not_found()
        colour = f"hsl({int(person.id[1:5], 16) % 360} 45% 45%)"
        return Response(_FACE.format(colour=colour, initial=person.initial), content_type="image/svg+xml")

    def become(self, request: Request, user_id: str) -> Response:
        """Take this LINE user's phone into the hand, and go on."""
        person = self._platform.people.get(user_id)
        to = request.query.get("next", "")
        if person is None or not to.startswith("/") or to.startswith("//"):
            return not_found()
        return Response("", 303, headers={"Location": to, **_as(person)})

    def _faults(self) -> str:
        set_now: dict[str, Any] = {name: value for name, value in self._platform.faults.as_json().items() if value}
        return json.dumps(set_now, ensure_ascii=False) if set_now else ""


def drawn(picture: str) -> Response:
    return Response(picture, content_type="image/svg+xml")


def _as(person: Person) -> dict[str, str]:
    return {"Set-Cookie": f"line_user={quote(person.id)}; Path=/; SameSite=Lax; HttpOnly"}
