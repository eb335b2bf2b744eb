"""End child processes when the process that started them is killed."""

import ctypes
import signal
import sys
from collections.abc import Callable
from functools import partial


def die_with_parent(signum: signal.Signals) -> Callable[[], object] | None:
    """Return a `preexec_fn`: on Linux the kernel then sends the child `signum` when its parent ends; else None."""
    if sys.platform != "linux":
        return None
    parent_death_signal = 1  # PR_SET_PDEATHSIG in <linux/prctl.h>
    return partial(ctypes.CDLL(None).prctl, parent_death_signal, int(signum))
