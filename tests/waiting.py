"""Waiting for what another thread or process brings about."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Found = TypeVar("Found")

LIMIT_SECONDS = 120.0
"""Only a program that is broken takes so long, on the slowest machine too."""
LOOK_SECONDS = 0.02


def wait_until(
    condition: Callable[[], Found], what: str, seconds: float = LIMIT_SECONDS, log: Path | None = None
) -> Found:
    """What the condition returns once it is true; after the limit the test fails and names the log to read."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > end:
            raise AssertionError(
                f"After {seconds:g} seconds still not: {what}." + (f" Read {log}." if log else "")
            )
        time.sleep(LOOK_SECONDS)
    return found
