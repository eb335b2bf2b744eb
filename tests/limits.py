"""How long the tests wait for what must come. Only a broken program reaches it, on however slow a machine."""

import time
from collections.abc import Callable

from hypothesis import HealthCheck, settings

PATIENCE_SECONDS = 60.0
ONE_FIXTURE_FOR_ALL_EXAMPLES = (HealthCheck.too_slow, HealthCheck.function_scoped_fixture)
"""For `suppress_health_check`, which says anew what the profile says: the first of these measures speed."""


def load_hypothesis_profile() -> None:
    """No example is too slow for hypothesis."""
    settings.register_profile(
        "any machine", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.load_profile("any machine")


def wait_until(is_so: Callable[[], object], what: str) -> None:
    """Come back when it is so; fails when it never is."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < end, f"After {PATIENCE_SECONDS:g} seconds still not: {what}"
        time.sleep(0.01)
