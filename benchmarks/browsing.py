"""Clients that ask for a page again and again, each on a connection of its own while the server keeps it."""

import threading
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from statistics import quantiles

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


def browse(web: Program, port: int, path: str, cookie: str, *, clients: int, requests: int) -> Times:
    """Ask so many times in all. Raises BenchError when an answer is not 200."""
    seconds: list[float] = []
    troubles: list[str] = []
    headers = {"Cookie": cookie, "Accept": "text/html", "Accept-Language": "ja"}

    def client() -> None:
        connection = HTTPConnection(HOST, port, timeout=REQUEST_SECONDS)
        try:
            for _ in range(requests // clients):
                began = time.perf_counter()
                connection.request("GET", path, headers=headers)
                response = connection.getresponse()
                response.read()
                seconds.append(time.perf_counter() - began)
                if response.status != 200:
                    troubles.append(f"{path} answered {response.status}.")
                    return
        except OSError as error:
            troubles.append(f"{path}: {error}")
        finally:
            connection.close()

    began, cpu_before = time.perf_counter(), cpu_seconds([web.pid])
    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took, cpu = time.perf_counter() - began, cpu_seconds([web.pid]) - cpu_before
    if troubles:
        raise BenchError(troubles[0])
    cuts = quantiles(seconds, n=20)
    return Times(len(seconds) / took, cuts[9] * 1000, cuts[18] * 1000, cpu / len(seconds) * 1000)
