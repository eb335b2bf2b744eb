"""What processes and all below them cost, from /proc."""

import os
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

SAMPLE_SECONDS = 0.5
_TICKS = os.sysconf("SC_CLK_TCK")


def tree(roots: Iterable[int]) -> list[int]:
    """These processes and everything below them."""
    above = parents()
    found = [pid for pid in roots if pid in above]
    for pid in found:
        found += [child for child, parent in above.items() if parent == pid and child not in found]
    return found


def cpu_seconds(roots: Iterable[int]) -> float:
    """Of these processes and all below them, ended and awaited children included."""
    ticks = 0
    for pid in tree(roots):
        fields = _stat(pid)
        if fields:
            ticks += sum(int(field) for field in fields[11:15])
    return ticks / _TICKS


def memory_bytes(roots: Iterable[int]) -> int:
    """Shared pages counted once (PSS)."""
    total = 0
    for pid in tree(roots):
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    return total


@dataclass
class Cost:
    """What a measured stretch cost; final once the `with` is left."""

    seconds: float = 0.0
    python_cpu: float = 0.0
    all_cpu: float = 0.0
    peak_memory: int = 0


class Meter:
    """Measures a stretch: `with Meter(python=[…], others=[…]) as cost`."""

    def __init__(self, *, python: Sequence[int], others: Sequence[int]) -> None:
        self._python, self._others = python, others
        self._cost = Cost()
        self._ended = threading.Event()
        self._sampler = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> Cost:
        self._cpu = cpu_seconds(self._python), cpu_seconds(self._others)
        self._sampler.start()
        self._began = time.monotonic()
        return self._cost

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._cost.seconds = time.monotonic() - self._began
        python, others = cpu_seconds(self._python) - self._cpu[0], cpu_seconds(self._others) - self._cpu[1]
        self._cost.python_cpu, self._cost.all_cpu = python, python + others
        self._ended.set()
        self._sampler.join()

    def _sample(self) -> None:
        while True:
            self._cost.peak_memory = max(self._cost.peak_memory, memory_bytes(self._python))
            if self._ended.wait(SAMPLE_SECONDS):
                return


def parents() -> dict[int, int]:
    found = {}
    for entry in os.listdir("/proc"):  # noqa: PTH208 (a hundred names, twice a second)
        if entry.isdigit() and (fields := _stat(int(entry))):
            found[int(entry)] = int(fields[1])
    return found


def _stat(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat from the state on; empty when the process is gone (proc(5))."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return []
    return text[text.rindex(")") + 2 :].split()
