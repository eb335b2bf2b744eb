"""Locks between processes that the kernel lets go of when their holder ends, however it ends."""

import fcntl
import time
from typing import IO

from devtools.embedded import places


class LockHeldError(Exception):
    """Somebody else held the lock for the whole time that was granted."""


def lock(name: str, kind: int, *, seconds: float) -> IO[str]:
    """The open file that holds the lock; closing it lets go. A child made by fork holds it too."""
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
