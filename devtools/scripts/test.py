"""Run every check of the project, pytest last.

`make test` runs all, `make quick` leaves out drills (failure tests) and journeys (browser tests), `make lint` leaves
out pytest. At the end it prints how long each part took. Tests run in the order of their files; `--seed` runs them
in a random one.
"""

import argparse
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from devtools import embedded
from devtools.embedded import places
from devtools.scripts import browser

PYTHON = sys.executable
CHECK_SECONDS = 600
DRILL_SECONDS = 2400
# The settings that docs/operations.md requires; nothing connects to these servers.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "sellerhub.settings",
    "SELLERHUB_DEVELOPMENT": "",
    "DEBUG": "",
    "SITE_URL": "https://sellers.example.jp",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "DATABASE_URL": "postgresql://sellerhub:secret@database.example.jp/sellerhub",
    "BROKER_URL": "redis://broker.example.jp:6379/0",
    "CACHE_URL": "redis://broker.example.jp:6379/1",
    "EMAIL_URL": "smtp+tls://sellerhub:secret@mail.example.jp:587",
}


@dataclass(frozen=True)
class Check:
    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)


PRODUCT = ("accounts", "notifications", "sellerhub")
CHECKS = [
    Check("mypy", ["-m", "mypy", *PRODUCT, *(f"devtools/{name}" for name in ("embedded", "sandbox", "scripts"))]),
    Check("ruff check", ["-m", "ruff", "check", "."]),
    Check("ruff format", ["-m", "ruff", "format", "--check", "."]),
    Check("import contracts", ["-c", "from importlinter.cli import lint_imports_command as run; run()"]),
    Check("words", ["-m", "devtools.scripts.word_check"]),
    Check("clocks in tests", ["-m", "devtools.scripts.clock_check"]),
    Check("translations", ["-m", "devtools.scripts.translations", "check"]),
    Check("migrations", ["manage.py", "makemigrations", "--check", "--dry-run"]),
    Check("deployment", ["manage.py", "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
]


TESTS = [PYTHON, "-m", "pytest"]
# Three on two cores, because tests often wait for a server, a browser or a lock.
PROCESSES = ["-n", "3"]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m devtools.scripts.test", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="without drills and journeys")
    parser.add_argument("--lint", action="store_true", help="without pytest")
    parser.add_argument("--no-checks", action="store_true", help="pytest alone")
    parser.add_argument("--seed", type=int, help="run the tests in the random order of this number")
    arguments = parser.parse_args()
    order = ["-p", "no:randomly"] if arguments.seed is None else [f"--randomly-seed={arguments.seed}"]
    os.chdir(places.BASE_DIR)
    prepare_environment()
    seconds: dict[str, float] = {}
    with timed(seconds, "translations and servers"):
        subprocess.run([PYTHON, "-m", "devtools.scripts.translations", "compile"], check=True)
        embedded.ensure_running()
    failed: list[str] = []
    if not arguments.no_checks:
        with timed(seconds, "checks"):
            failed += [] if run_checks() else ["checks"]
    if not arguments.lint:
        if not arguments.quick:
            with timed(seconds, "browser"):
                failed += [] if provide_browser() else ["browser"]
        failed += run_pytest(seconds, order, quick=arguments.quick)
    embedded.stop()
    print("\nHow long each part took:")
    for part, took in seconds.items():
        print(f"  {took:6.1f} s  {part}")
    if failed:
        print(f"FAILED: {', '.join(failed)}. The logs of the servers and processes: {places.var_dir().parent}/*/log")
    return 1 if failed else 0


def prepare_environment() -> None:
    """Use separate servers, queues and files, so that a running demo is not disturbed."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "devtools.settings"
    os.environ["SELLERHUB_DEVELOPMENT"] = "1"
    for name in places.SERVER_NAMES:
        os.environ.pop(name, None)
    os.environ["VAR_DIR"] = str(places.var_dir() / "test")


@contextmanager
def timed(seconds: dict[str, float], part: str) -> Iterator[None]:
    started = time.monotonic()
    yield
    seconds[part] = time.monotonic() - started


def run_pytest(seconds: dict[str, float], order: list[str], *, quick: bool) -> list[str]:
    """Run the tests; return the names of the parts that failed.

    The failure tests, which mostly wait, run beside the others. They have their own servers, and their output is shown
    at the end.
    """
    if quick:
        with timed(seconds, "tests"):
            tests = subprocess.run([*TESTS, *order, *PROCESSES, "-m", "not drill and not journey"])
        return ["tests"] if tests.returncode else []
    with tempfile.TemporaryFile() as printed:
        started = time.monotonic()
        drills = subprocess.Popen(
            [*TESTS, *order, "-m", "drill"],
            env=os.environ | {"VAR_DIR": str(places.var_dir().with_name("drills"))},
            stdout=printed,
            stderr=subprocess.STDOUT,
        )
        try:
            with ThreadPoolExecutor(max_workers=1) as pool:
                drilled = pool.submit(_wait_for, drills, started)
                with timed(seconds, "tests and journeys"):
                    tests = subprocess.run([*TESTS, *order, *PROCESSES, "-m", "not drill"])
                seconds["drills (beside the tests)"] = drilled.result()
        finally:
            drills.kill()
            printed.seek(0)
            print("\n── drills ──\n" + printed.read().decode(errors="replace"), flush=True)
    return ["tests"] * bool(tests.returncode) + ["drills"] * bool(drills.returncode)


def _wait_for(drills: subprocess.Popen[bytes], started: float) -> float:
    """Return the seconds from `started` to the end of the failure tests, which are killed after `DRILL_SECONDS`."""
    try:
        drills.wait(DRILL_SECONDS)
    except subprocess.TimeoutExpired:
        drills.kill()
        drills.wait()
    return time.monotonic() - started


def run_checks() -> bool:
    """Run all checks, two at a time, even when one fails; return whether all passed."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        results = [*pool.map(_run, CHECKS)]
    for check, (done, _) in zip(CHECKS, results, strict=True):
        if done.returncode:
            print(f"\n── {check.name} ──\n{done.stdout.strip()}\n")
    for check, (done, seconds) in zip(CHECKS, results, strict=True):
        print(f"{'FAILED' if done.returncode else 'ok':<7} {check.name} ({seconds:.1f} s)", flush=True)
    return not any(done.returncode for done, _ in results)


def _run(check: Check) -> tuple[subprocess.CompletedProcess[str], float]:
    started = time.monotonic()
    done = subprocess.run(
        [PYTHON, *check.command],
        env={**os.environ, **check.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=CHECK_SECONDS,
    )
    return done, time.monotonic() - started


def provide_browser() -> bool:
    """Return whether a browser is available, or the browser tests may be skipped, which CI does not accept."""
    if path := browser.install():
        os.environ["CHROMIUM"] = path
        return True
    print("\nNO BROWSER: THE JOURNEYS ARE SKIPPED. Install Chromium, or name one in CHROMIUM.\n", flush=True)
    return os.environ.get("CI", "").lower() not in ("true", "1")


if __name__ == "__main__":
    sys.exit(main())
