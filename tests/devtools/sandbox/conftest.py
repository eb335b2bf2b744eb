"""The sandbox as scripts meet it: one process, its ports read from its first line."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.waiting import LIMIT_SECONDS


@dataclass(frozen=True)
class Sandbox:
    smtp_port: int
    http_port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http_port}"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    command = [sys.executable, "-m", "devtools.sandbox", "--smtp-port", "0", "--http-port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ports = json.loads(process.stdout.readline())
        yield Sandbox(ports["smtp_port"], ports["http_port"])
        process.terminate()
        assert process.wait(LIMIT_SECONDS) == 0
