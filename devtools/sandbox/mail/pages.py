"""The mailboxes in a browser and as JSON."""

import json
import re
from collections.abc import Iterator
from http import HTTPStatus

from devtools.sandbox.mail.mailboxes import MAX_MAILS, Mail, Mailboxes
from devtools.sandbox.mail.reading import as_json, read, subject
from devtools.sandbox.web.server import Request, Response, Route, not_found, redirect
from devtools.sandbox.web.templating import page, stylesheet

PAGE_SIZE = 100
MAX_LISTED_MAILBOXES = 500
PARTS = ("html", "text", "headers", "source")
# The mail's own HTML: shown as mail programs do, without scripts, forms or anything from outside.
HTML_PART_CSP = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline';"
    " img-src data:; frame-ancestors 'self'"
)


def routes(mailboxes: Mailboxes) -> list[Route]:
    views = _Pages(mailboxes)
    return [
        ("GET", "/", views.index),
        ("GET", "/mailbox", views.mailbox),
        ("GET", r"/mail/(\d{1,15})", views.mail),
        ("GET", r"/mail/(\d{1,15})/html", views.html_part),
        ("POST", "/clear", views.clear),
        ("GET", "/api/mail", views.api_list),
        ("DELETE", "/api/mail", views.api_clear),
        ("GET", "/healthz", lambda request: Response("ok\n", content_type="text/plain")),
        ("GET", "/sandbox.css", lambda request: stylesheet()),
    ]


class _Pages:
    def __init__(self, mailboxes: Mailboxes) -> None:
        self._mailboxes = mailboxes

    def index(self, request: Request) -> Response:
        summaries = self._mailboxes.summaries()
        shown = [(summary, subject(summary.latest)) for summary in summaries[:MAX_LISTED_MAILBOXES]]
        total = sum(summary.count for summary in summaries)
        return page("index.html", shown=shown, hidden=len(summaries) - len(shown), total=total)

    def mailbox(self, request: Request) -> Response:
        address = request.query.get("to", "")
        mails = self._mailboxes.arrived(address)
        number = max(_whole(request.query.get("page"), 1), 1)
        newest_first = mails[::-1][(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
        return page(
            "mailbox.html",
            address=address,
            count=len(mails),
            shown=[(mail, subject(mail)) for mail in newest_first],
            number=number,
            last=max(1, -(-len(mails) // PAGE_SIZE)),
        )

    def mail(self, request: Request, mail_id: str) -> Response:
        mail = self._mailboxes.get(int(mail_id))
        if mail is None:
            return not_found()
        found = read(mail)
        part = request.query.get("part", "html" if found.html else "text")
        if part not in PARTS:
            return not_found()
        source = mail.raw.decode(errors="replace") if part == "source" else ""
        return page("mail.html", mail=mail, found=found, part=part, parts=PARTS, source=source)

    def html_part(self, request: Request, mail_id: str) -> Response:
        mail = self._mailboxes.get(int(mail_id))
        if mail is None:
            return not_found()
        html = read(mail).html
        # Links open in a tab of their own: the pages they lead to refuse to be framed.
        head = re.search(r"<head[^>]*>", html, re.IGNORECASE)
        cut = head.end() if head else 0
        body = f'{html[:cut]}<base target="_blank">{html[cut:]}'
        return Response(body, headers={"Content-Security-Policy": HTML_PART_CSP})

    def clear(self, request: Request) -> Response:
        self._mailboxes.clear()
        return redirect("/")

    def api_list(self, request: Request) -> Response:
        """In the order of arrival: all, or those to one address (exact but for case), by `limit` and `offset`."""
        mails = self._mailboxes.arrived(request.query.get("to"))
        offset = max(_whole(request.query.get("offset"), 0), 0)
        limit = max(_whole(request.query.get("limit"), MAX_MAILS), 0)
        return Response(
            _json_pieces(mails[offset : offset + limit]),
            content_type="application/json",
            headers={"X-Total-Count": str(len(mails))},
        )

    def api_clear(self, request: Request) -> Response:
        self._mailboxes.clear(request.query.get("to"))
        return Response(b"", HTTPStatus.NO_CONTENT)


def _json_pieces(mails: list[Mail]) -> Iterator[bytes]:
    yield b"["
    for index, mail in enumerate(mails):
        yield (b",\n" if index else b"") + json.dumps(as_json(mail), ensure_ascii=False).encode()
    yield b"]\n"


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,9}", text) else default
