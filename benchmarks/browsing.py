"""Clients that ask for a page again and again, each on a connection of its own while the server keeps it."""

import threading
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from statistics import quantiles

from .processes import BenchError
from .sink import HOST

REQUEST_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Times:
    per_second: float
    p50: float
    """Milliseconds."""
    p95: float


def browse(port: int, path: str, cookie: str, *, clients: int, requests: int) -> Times:
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

    began = time.perf_counter()
    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    if troubles:
        raise BenchError(troubles[0])
    cuts = quantiles(seconds, n=20)
    return Times(len(seconds) / took, cuts[9] * 1000, cuts[18] * 1000)
