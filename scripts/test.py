"""Every check of the project, pytest last.

`make test` runs all, `make quick` leaves out drills and journeys, `make lint` pytest.
"""

import argparse
import os
import secrets
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from scripts import browser
from sellerhub import embedded
from sellerhub.embedded import places

PYTHON = sys.executable
CHECK_SECONDS = 600
DRILL_SECONDS = 900
# As docs/operations.md asks for them; nothing is connected to.
PRODUCTION = {
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


CHECKS = [
    Check("mypy", ["-m", "mypy", "accounts", "notifications", "sellerhub", "sandbox", "scripts"]),
    Check("ruff check", ["-m", "ruff", "check", "."]),
    Check("ruff format", ["-m", "ruff", "format", "--check", "."]),
    Check("import contracts", ["-c", "from importlinter.cli import lint_imports_command as run; run()"]),
    Check("translations", ["-m", "scripts.translations", "check"]),
    Check("migrations", ["manage.py", "makemigrations", "--check", "--dry-run"]),
    Check("deployment", ["manage.py", "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.test", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="without drills and journeys")
    parser.add_argument("--lint", action="store_true", help="without pytest")
    arguments = parser.parse_args()
    os.chdir(places.BASE_DIR)
    os.environ["SELLERHUB_DEVELOPMENT"] = "1"
    for name in places.SERVER_NAMES:
        os.environ.pop(name, None)
    # Servers, queues and files of their own: a demo that runs here is not disturbed.
    os.environ["VAR_DIR"] = str(places.var_dir() / "test")
    subprocess.run([PYTHON, "-m", "scripts.translations", "compile"], check=True)
    embedded.ensure_running()
    failed = [] if run_checks() else ["checks"]
    if not arguments.lint:
        if not arguments.quick and not provide_browser():
            failed.append("browser")
        failed += run_pytest(quick=arguments.quick)
    embedded.stop()
    return 1 if failed else 0


def run_pytest(*, quick: bool) -> list[str]:
    """What failed. The tests share the machine in two; the drills, which mostly wait, run beside them.

    They have servers of their own, and what they print is shown at the end.
    """
    if quick:
        tests = subprocess.run([PYTHON, "-m", "pytest", "-n", "2", "-m", "not drill and not journey"])
        return ["pytest"] if tests.returncode else []
    with tempfile.TemporaryFile() as printed:
        drills = subprocess.Popen(
            [PYTHON, "-m", "pytest", "-m", "drill"],
            env=os.environ | {"VAR_DIR": str(places.var_dir().with_name("drills"))},
            stdout=printed,
            stderr=subprocess.STDOUT,
        )
        try:
            tests = subprocess.run([PYTHON, "-m", "pytest", "-n", "2", "-m", "not drill"])
            drills.wait(DRILL_SECONDS)
        finally:
            drills.kill()
            printed.seek(0)
            print("\n── drills ──\n" + printed.read().decode(errors="replace"), flush=True)
    return ["pytest"] * bool(tests.returncode) + ["drills"] * bool(drills.returncode)


def run_checks() -> bool:
    """All of them, whatever fails; two at a time."""
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
    """Whether that is well: without a browser the journeys are skipped, which CI does not accept."""
    if path := browser.install():
        os.environ["CHROMIUM"] = path
        return True
    print("\nNO BROWSER: THE JOURNEYS ARE SKIPPED. Install Chromium, or name one in CHROMIUM.\n", flush=True)
    return os.environ.get("CI", "").lower() not in ("true", "1")


if __name__ == "__main__":
    sys.exit(main())
