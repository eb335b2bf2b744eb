"""No process is left behind when the one that started it is killed."""

import ctypes
import signal
import sys
from collections.abc import Callable
from functools import partial


def die_with_parent(signum: signal.Signals) -> Callable[[], object] | None:
    """For `preexec_fn`: under Linux the kernel sends the child this signal when its parent ends."""
    if sys.platform != "linux":
        return None
    parent_death_signal = 1  # PR_SET_PDEATHSIG in <linux/prctl.h>
    return partial(ctypes.CDLL(None).prctl, parent_death_signal, int(signum))
