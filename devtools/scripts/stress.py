"""Run all tests several times in random order while other processes use the CPU.

`python -m devtools.scripts.stress` runs them five times beside four busy loops. A test that needs a fast machine
or a certain order fails here. Prints a line for each run and exits with 1 when a test failed.
"""

import argparse
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from devtools.embedded import places

RUN_SECONDS = 3 * 3600
BUSY_LOOP = "while True: pass"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m devtools.scripts.stress", description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--busy-loops", type=int, default=4)
    parser.add_argument("--quick", action="store_true", help="without drills and journeys")
    arguments = parser.parse_args()
    os.chdir(places.BASE_DIR)
    places.log_dir().mkdir(parents=True, exist_ok=True)
    failed = 0
    with busy_loops(arguments.busy_loops):
        for number in range(1, arguments.runs + 1):
            seed = random.randrange(2**32)  # noqa: S311 (an order, not a secret)
            log = places.log_dir() / f"stress-{number}.log"
            started = time.monotonic()
            passed = run_tests(seed, log, quick=arguments.quick)
            seconds = time.monotonic() - started
            failed += not passed
            print(f"Run {number} of {arguments.runs}, seed {seed}: {summarise(log)} ({seconds:.0f} s).", flush=True)
            if not passed:
                print(f"  FAILED, see {log}", flush=True)
    print(f"{failed} of {arguments.runs} runs beside {arguments.busy_loops} busy loops had failures.")
    return 1 if failed else 0


def run_tests(seed: int, log: Path, *, quick: bool) -> bool:
    """Return whether all tests passed in the order of this seed; their output goes to the log."""
    command = [
        sys.executable,
        "-m",
        "devtools.scripts.test",
        "--no-checks",
        f"--seed={seed}",
        *(["--quick"] if quick else []),
    ]
    with log.open("wb") as printed:
        done = subprocess.run(command, stdout=printed, stderr=subprocess.STDOUT, timeout=RUN_SECONDS)
    return done.returncode == 0


def summarise(log: Path) -> str:
    """Return pytest's summary lines, such as `4200 passed, 3 skipped in 600.00s`."""
    lines = re.findall(r"^\d+ (?:passed|failed|error).* in [\d.]+s.*$", log.read_text(errors="replace"), re.MULTILINE)
    return "; ".join(lines) or "no test ran"


@contextmanager
def busy_loops(number: int) -> Iterator[None]:
    """Run this many processes that only use CPU time."""
    loops = [subprocess.Popen([sys.executable, "-c", BUSY_LOOP]) for _ in range(number)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


if __name__ == "__main__":
    sys.exit(main())
