"""The marketplace's side: events posted over HTTP, several clients at once."""

import json
import threading
import time
from collections.abc import Sequence
from http.client import HTTPConnection

from .processes import BenchError
from .sink import HOST

CLIENTS = 2
REQUEST_SECONDS = 300


def post(port: int, key: str, bodies: Sequence[bytes]) -> float:
    """Post all of it; returns the seconds. Raises BenchError unless every event is accepted."""
    waiting = list(reversed(bodies))
    troubles: list[Exception] = []

    def client() -> None:
        try:
            while not troubles:
                try:
                    body = waiting.pop()
                except IndexError:
                    return
                _post_one(port, key, body)
        except (OSError, BenchError) as error:
            troubles.append(error)

    began = time.monotonic()
    clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    if troubles:
        raise BenchError(f"Posting failed: {troubles[0]}")
    return time.monotonic() - began


def _post_one(port: int, key: str, body: bytes) -> None:
    client = HTTPConnection(HOST, port, timeout=REQUEST_SECONDS)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    try:
        client.request("POST", "/api/v1/events", body, headers)
        response = client.getresponse()
        answer = response.read()
    finally:
        client.close()
    if response.status != 200:
        raise BenchError(f"{response.status} {answer[:200]!r}")
    refused = [result for result in json.loads(answer)["results"] if result["status"] != "accepted"]
    if refused:
        raise BenchError(f"An event was not accepted: {refused[0]}")
