"""The product's pages beside a bare signed-in page with as many queries."""

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Membership, SellerAccount

from . import events, places, product, shops
from .browsing import Times, browse, medians
from .mail import fresh_product
from .processes import Program
from .sink import HOST, free_port, wait_for_port
from .site import Site, gunicorn

CROWD = 10_000
"""Notifications in the notification centre."""
CLIENTS = (1, 16)
_TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE SAVEPOINT")
PAGES = {"home": "home", "preferences": "notifications:options", "centre": "notifications:centre"}


@dataclass(frozen=True, slots=True)
class Size:
    requests: int
    rounds: int


FULL = Size(requests=240, rounds=3)
QUICK = Size(requests=64, rounds=1)


@dataclass(frozen=True, slots=True)
class Figures:
    """One page at one number of clients; medians of the rounds."""

    page: str
    queries: int
    clients: int
    times: Times
    bare: Times

    @property
    def ratio(self) -> float:
        """How many times as long as the bare page."""
        return self.bare.per_second / self.times.per_second


def measure(size: Size) -> list[Figures]:
    fresh_product()
    account = SellerAccount.objects.get(public_id=events.seller_id(0))
    shops.crowd_centre(account, CROWD)
    shops.analyse()
    client = Client(SERVER_NAME=HOST)
    client.force_login(Membership.objects.get(account=account).user, settings.AUTHENTICATION_BACKENDS[0])
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    figures = []
    with product.running(smtp_port=free_port(), workers=0) as site, _bare_site() as bare:
        for page, name in PAGES.items():
            path = reverse(name, args=[account.public_id])
            queries = _count_queries(client, path)
            for clients in CLIENTS:
                runs, bare_runs = [], []
                for _ in range(1 + size.rounds):
                    wanted = {"clients": clients, "requests": size.requests}
                    runs.append(_browse(site, path, cookie, **wanted))
                    bare_runs.append(_browse(bare, f"/bare/{queries}/", cookie, **wanted))
                # The first round only warms up.
                figures.append(Figures(page, queries, clients, medians(runs[1:]), medians(bare_runs[1:])))
                print(f"  {page}, {clients} clients: {figures[-1].ratio:.2f}", file=sys.stderr, flush=True)
    return figures


@contextlib.contextmanager
def _bare_site() -> Iterator[Site]:
    port = free_port()
    env = {"DJANGO_SETTINGS_MODULE": "devtools.benchmarks.bare.settings"}
    with Program(gunicorn("sellerhub.wsgi", port), log=places.log("bare"), env=env) as program:
        wait_for_port(port, program)
        yield Site(port, (program,))


def _count_queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return sum(not query["sql"].startswith(_TRANSACTION) for query in queries)


def _browse(site: Site, path: str, cookie: str, *, clients: int, requests: int) -> Times:
    return browse(site.programs[0], site.port, path, cookie, clients=clients, requests=requests)
