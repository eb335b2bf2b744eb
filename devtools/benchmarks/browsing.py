"""Clients that ask again and again, each on a connection of its own while the server keeps it."""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from statistics import median, quantiles
from typing import NamedTuple

from .cost import cpu_seconds
from .processes import BenchError, Program
from .sink import HOST

REQUEST_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Times:
    """In milliseconds, but for the rate."""

    per_second: float
    p50: float
    p95: float
    cpu: float
    """Of the web workers, for one request."""


class Ask(NamedTuple):
    """One request."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes | None = None


def browse(web: Program, port: int, path: str, cookie: str, *, clients: int, requests: int) -> Times:
    """Ask for the page so many times in all. Raises BenchError when an answer is not 200."""
    headers = {"Cookie": cookie, "Accept": "text/html", "Accept-Language": "ja"}
    each = requests // clients
    return ask(web, port, [Ask("GET", path, headers)] * (each * clients), clients=clients)


def ask(web: Program, port: int, asks: Sequence[Ask], *, clients: int) -> Times:
    """Ask all of it, each client its share. Raises BenchError when an answer is not 200."""
    seconds: list[float] = []
    troubles: list[str] = []

    def client(share: Sequence[Ask]) -> None:
        connection = HTTPConnection(HOST, port, timeout=REQUEST_SECONDS)
        try:
            for one in share:
                began = time.perf_counter()
                connection.request(one.method, one.path, one.body, dict(one.headers))
                response = connection.getresponse()
                response.read()
                seconds.append(time.perf_counter() - began)
                if response.status != 200:
                    troubles.append(f"{one.path} answered {response.status}.")
                    return
        except OSError as error:
            troubles.append(f"{share[0].path}: {error}")
        finally:
            connection.close()

    began, cpu_before = time.perf_counter(), cpu_seconds([web.pid])
    threads = [threading.Thread(target=client, args=(asks[first::clients],)) for first in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took, cpu = time.perf_counter() - began, cpu_seconds([web.pid]) - cpu_before
    if troubles:
        raise BenchError(troubles[0])
    cuts = quantiles(seconds, n=20)
    return Times(len(seconds) / took, cuts[9] * 1000, cuts[18] * 1000, cpu / len(seconds) * 1000)


def medians(runs: Sequence[Times]) -> Times:
    return Times(**{name: median(getattr(run, name) for run in runs) for name in ("per_second", "p50", "p95", "cpu")})
