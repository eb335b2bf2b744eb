"""Waiting for what another thread or process brings about."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from hypothesis import HealthCheck, settings

Found = TypeVar("Found")

LIMIT_SECONDS = 120.0
"""Only a program that is broken takes so long, on the slowest machine too."""
LOOK_SECONDS = 0.02
ONE_FIXTURE_FOR_ALL_EXAMPLES = (HealthCheck.too_slow, HealthCheck.function_scoped_fixture)
"""For `suppress_health_check`, which says anew what the profile says: the first of these measures speed."""


def load_hypothesis_profile() -> None:
    """No example is too slow for hypothesis."""
    settings.register_profile(
        "any machine", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.load_profile("any machine")


def wait_until(
    condition: Callable[[], Found], what: str, seconds: float = LIMIT_SECONDS, log: Path | None = None
) -> Found:
    """What the condition returns once it is true; after the limit the test fails and names the log to read."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"After {seconds:g} seconds still not: {what}." + (f" Read {log}." if log else ""))
        time.sleep(LOOK_SECONDS)
    return found
