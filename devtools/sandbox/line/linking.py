"""The account link dialog, which only checks that the browser's LINE user is the one of the link token."""

from urllib.parse import urlencode

from devtools.sandbox.line.platform import Platform
from devtools.sandbox.web.server import Request, Response
from devtools.sandbox.web.templating import page

SHORTEST_NONCE, MAX_NONCE_LENGTH = 10, 255


class Dialog:
    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def account_link(self, request: Request) -> Response:
        """GET /dialog/bot/accountLink. An expired or used token gives no webhook at all."""
        token, nonce = request.query.get("linkToken", ""), request.query.get("nonce", "")
        platform = self._platform
        now = platform.now()
        if platform.link_tokens.get(token, now=now) is None:
            return page("line_error.html", status=400, sentence="The link has expired or was used already.")
        person = platform.people.get(request.query.get("as") or request.cookies.get("line_user", ""))
        if person is None:
            here = f"/dialog/bot/accountLink?{urlencode({'linkToken': token, 'nonce': nonce})}"
            return page("line_who.html", status=400, people=platform.people.values(), here=here)
        owner = platform.link_tokens.take(token, now=now)
        fits = SHORTEST_NONCE <= len(nonce) <= MAX_NONCE_LENGTH and nonce.isascii()
        if owner != person.id or not fits:
            platform.tell("accountLink", None, link={"result": "failed", "nonce": nonce})
            return page("line_error.html", status=400, sentence="The accounts could not be linked.")
        platform.tell("accountLink", person, link={"result": "ok", "nonce": nonce})
        return page("line_linked.html", person=person)
