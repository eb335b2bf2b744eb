"""The loop of a worker: what is taken back first, then an emergency, then the rest, anew after every chunk."""

import time

from . import chunks, corrections


def work_off_due(*, max_seconds: float) -> bool:
    """Take back and send what is due; returns whether the time was over first."""
    end = time.monotonic() + max_seconds
    while corrections.step() or chunks.step():
        if time.monotonic() >= end:
            return True
    return False
