"""The loop of a worker: what is taken back first, then an emergency, then the rest, anew after every chunk."""

import time

from . import correcting, sending


def work_off_due(*, max_seconds: float) -> bool:
    """Take back and send what is due; returns whether the time was over first."""
    end = time.monotonic() + max_seconds
    while correcting.step() or sending.step():
        if time.monotonic() >= end:
            return True
    return False
