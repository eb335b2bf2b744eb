"""Worker loop: recalls first, then emergency notices, then other broadcasts, chosen again after every chunk."""

import time

from . import chunks, corrections


def work_off_due(*, max_seconds: float) -> bool:
    """Process due recalls and broadcasts; returns whether `max_seconds` ran out first."""
    end = time.monotonic() + max_seconds
    while corrections.step() or chunks.step():
        if time.monotonic() >= end:
            return True
    return False
