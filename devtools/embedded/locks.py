"""File locks between processes, which the kernel releases however their holder ends."""

import fcntl
import time
from typing import IO

from devtools.embedded import places


class LockHeldError(Exception):
    """Another process held the lock until the timeout."""


def lock(name: str, kind: int, *, seconds: float) -> IO[str]:
    """Return the open file that holds the lock; closing it releases the lock. A forked child holds it too.

    `kind` is LOCK_SH or LOCK_EX of fcntl. Raises LockHeldError when the lock is not free within `seconds`.
    """
    file = (places.state_dir() / f"{name}.lock").open("a")
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                file.close()
                raise LockHeldError(f"The lock {name!r} of the embedded servers is still held.") from None
            time.sleep(0.05)
        else:
            return file
