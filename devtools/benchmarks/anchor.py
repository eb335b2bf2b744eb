"""The anchor: the small site with django-post_office, behind the same door as the product."""

import contextlib
import json
import sys
import time
from collections.abc import Iterator, Sequence

import psycopg

from . import events, mails, places, servers
from .processes import BenchError, Program, run
from .sink import free_port, wait_for_port
from .site import LEAST_MAILS_PER_SECOND, LOOK_SECONDS, READY_SECONDS, Site, gunicorn

SENDERS = 3
_MARKS = ("{{", "{%", "{#")
_TEMPLATES = places.VAR / "postoffice-templates.json"
_QUEUED, _SENT = (2, 3), 0
"""The package's own numbers, see its `STATUS`."""


def write_templates() -> None:
    """The product's own letter as a template for the anchor, so that both render and send as much."""
    number = 2
    texts = dict(zip(("subject", "text", "html"), mails.letter_of(number), strict=True))
    for name, body in texts.items():
        if any(mark in body for mark in _MARKS):
            raise BenchError(f"The {name} of the letter holds template marks already.")
        for value, variable in _variables(number):
            body = body.replace(value, f"{{{{ {variable} }}}}")
        texts[name] = body
    _TEMPLATES.write_text(json.dumps(texts, ensure_ascii=False))


@contextlib.contextmanager
def running(*, smtp_port: int, tuned: bool) -> Iterator[Site]:
    """Its web workers and its sender, on fresh tables."""
    port = free_port()
    env = {
        "DATABASE_URL": servers.anchor_database_url(),
        "DJANGO_SETTINGS_MODULE": "devtools.benchmarks.postoffice.settings",
        "SINK_PORT": str(smtp_port),
        "POST_OFFICE_TUNED": str(int(tuned)),
    }
    log, module = places.log("postoffice"), [sys.executable, "-m"]
    run([*module, "devtools.benchmarks.postoffice.prepare", str(_TEMPLATES)], log=log, env=env)
    web = gunicorn("devtools.benchmarks.postoffice.wsgi", port, "--timeout", "300")
    sender = [*module, "devtools.benchmarks.postoffice.sender", str(SENDERS if tuned else 1)]
    with (
        Program(web, log=log, env=env) as site,
        Program(sender, log=log, env=env) as sending,
    ):
        wait_for_port(port, site)
        yield Site(port, (site, sending))


def mails_sent() -> int:
    return _count((_SENT,))


def wait_until_settled(site: Site, *, mails: int, since: int) -> None:
    """Wait until nothing is queued; raises unless all were sent."""
    deadline = time.monotonic() + READY_SECONDS + mails / LEAST_MAILS_PER_SECOND
    while _count(_QUEUED):
        site.check()
        if time.monotonic() > deadline:
            raise BenchError(f"Mails are left unsent. See {places.log('postoffice')}.")
        time.sleep(LOOK_SECONDS)
    sent = mails_sent() - since
    if sent != mails:
        raise BenchError(f"{sent} mails were sent instead of {mails}.")


def _count(statuses: Sequence[int]) -> int:
    with psycopg.connect(servers.anchor_database_url()) as connection:
        row = connection.execute(
            "SELECT count(*) FROM post_office_email WHERE status = ANY(%s)", [list(statuses)]
        ).fetchone()
    assert row is not None
    return int(row[0])


def _variables(number: int) -> Iterator[tuple[str, str]]:
    data = events.order(number)
    yield mails.page_url(number), "page_url"
    yield mails.options_url(number), "options_url"
    yield data["order_id"], "order_id"
    yield events.shop_name(number), "shop"
    yield events.addresses(number)[0], "address"
    for place, item in enumerate(data["items"]):
        for field in ("title", "sku"):
            yield item[field], f"items.{place}.{field}"
