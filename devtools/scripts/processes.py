"""Start and stop the demo's processes: each has its own session and log; ended with SIGTERM, then SIGKILL."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from socket import socket
from types import TracebackType
from typing import Self

from devtools.embedded.orphans import die_with_parent
from devtools.embedded.places import open_log

GENTLE_SECONDS = 20
LOG_LINES = 25


class ProcessEndedError(Exception):
    """A process ended unexpectedly."""


class Processes:
    def __init__(self, log_dir: Path) -> None:
        self._log_dir = log_dir
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, module: str, *arguments: str, listeners: Iterable[socket] = ()) -> None:
        """Start a process. It inherits the listening sockets under the same numbers; they are closed here."""
        with open_log(self._log(name)) as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches only the launcher, which stops the processes in order
                preexec_fn=die_with_parent(signal.SIGTERM),
                pass_fds=[listener.fileno() for listener in listeners],
            )
        for listener in listeners:
            listener.close()

    def check(self) -> None:
        """Raise ProcessEndedError with the end of its log when a process has ended."""
        for name, process in self._running.items():
            if process.poll() is not None:
                raise ProcessEndedError(f"{name} ended with code {process.returncode}.\n{self.end_of_log(name)}")

    def end_of_log(self, name: str) -> str:
        lines = self._log(name).read_text(errors="replace").splitlines()
        return "\n".join([f"The end of {self._log(name)}:", *lines[-LOG_LINES:]])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # The sandbox was started first and is stopped last, because a worker may still send e-mail to it.
        latest_first = [*reversed(self._running.values())]
        _end(latest_first[:-1])
        _end(latest_first[-1:])

    def _log(self, name: str) -> Path:
        return self._log_dir / f"{name}.log"


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + GENTLE_SECONDS
    for process in processes:
        try:
            process.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            print(f"Process {process.pid} does not stop and is killed.", flush=True)
        _kill_group(process)
        process.wait()


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and its children: it leads its session, so its group has its number."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
