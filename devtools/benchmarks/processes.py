"""Programs that a bench starts, talks to and ends."""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from devtools.embedded.orphans import die_with_parent
from devtools.embedded.places import BASE_DIR

from .cost import parents, tree

GENTLE_SECONDS = 20


class BenchError(Exception):
    """The bench cannot go on; the sentence says why."""


class Program:
    """A process of our own, in a session of its own, ended by its number at the latest with the bench."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        talks: bool = False,
    ) -> None:
        self.name = Path(command[0]).name if command[0] != sys.executable else command[2]
        self.log = log
        self._said = b""
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE if talks else subprocess.DEVNULL,
                stdout=subprocess.PIPE if talks else errors,
                stderr=errors,
                cwd=BASE_DIR,
                env={**os.environ, **(env or {})},
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def say(self, word: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n".encode())
        self._process.stdin.flush()

    def expect(self, word: str, *, seconds: float) -> str:
        """Wait for a line that begins with the word; returns the rest of the line."""
        assert self._process.stdout is not None
        deadline = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while True:
                line, found, rest = self._said.partition(b"\n")
                if found:
                    self._said = rest
                    if line.decode().startswith(word):
                        return line.decode()[len(word) :].strip()
                    continue
                if not selector.select(max(deadline - time.monotonic(), 0)):
                    raise BenchError(f"{self.name} did not say {word!r} in {seconds:.0f} s. See {self.log}.")
                read = os.read(self._process.stdout.fileno(), 65536)
                if not read:
                    raise BenchError(f"{self.name} ended before it said {word!r}. See {self.log}.")
                self._said += read

    def check(self) -> None:
        if self._process.poll() is not None:
            raise BenchError(f"{self.name} ended with code {self._process.returncode}. See {self.log}.")

    def end(self) -> None:
        left = [pid for pid in tree([self.pid]) if pid != self.pid]
        self._process.terminate()
        try:
            self._process.wait(GENTLE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for pid in set(left) & set(parents()):
            if os.getpgid(pid) == self.pid:
                os.kill(pid, signal.SIGKILL)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.end()


def run(command: Sequence[str], *, log: Path, env: Mapping[str, str] | None = None, seconds: float = 300) -> None:
    """Run to its end; raises BenchError when it fails."""
    with log.open("ab") as output:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=BASE_DIR,
            env={**os.environ, **(env or {})},
            timeout=seconds,
        )
    if done.returncode:
        raise BenchError(f"{' '.join(command[1:])} failed. See {log}.")
