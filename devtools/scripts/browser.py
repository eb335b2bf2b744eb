"""Find or install headless Chromium for the browser tests: the system's, else Playwright's."""

import os
import shutil
import subprocess
import sys

# The headless shell first: without a desktop interface it needs half the CPU time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
PACKAGES = ("chromium-headless-shell", "fonts-noto-cjk")
INSTALL_SECONDS = 600


def find() -> str | None:
    """Return the browser's path; None when there is no browser that starts."""
    candidates = [os.environ.get("CHROMIUM"), *map(shutil.which, NAMES), _playwrights_own()]
    return next((path for path in candidates if path and _starts(path)), None)


def install() -> str | None:
    """Find a browser or install one: as root from Debian's packages, else with Playwright."""
    if path := find():
        return path
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        _try(["apt-get", "update", "-qq"], environment)
        _try(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES], environment)
    if path := find():
        return path
    _try([sys.executable, "-m", "playwright", "install", "chromium"], dict(os.environ))
    return find()


def _playwrights_own() -> str | None:
    from playwright.sync_api import Error, sync_playwright  # slow import, rarely needed

    try:
        with sync_playwright() as playwright:
            return playwright.chromium.executable_path
    except Error:
        return None


def _starts(path: str) -> bool:
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _try(command: list[str], environment: dict[str, str]) -> None:
    print(f"{' '.join(command)} …", flush=True)
    try:
        subprocess.run(command, env=environment, timeout=INSTALL_SECONDS, stdout=subprocess.DEVNULL, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        print(f"This did not work: {error}", flush=True)
