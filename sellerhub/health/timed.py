"""Call a function that may hang, with a time limit for the result."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import connections

T = TypeVar("T")


class Timed(Generic[T]):
    """A function called in its own thread; the result is None when it fails or takes longer than `seconds`.

    Concurrent callers share one call, so that a server that hangs blocks one thread and not one per caller. A result is
    reused for `fresh_seconds`.
    """

    def __init__(self, question: Callable[[], T], *, seconds: float, fresh_seconds: float = 0) -> None:
        self._question = question
        self._seconds = seconds
        self._fresh_seconds = fresh_seconds
        self._lock = threading.Lock()
        self._run: _Run[T] | None = None

    def begin(self) -> None:
        """Start the call, unless it is running or the last result is fresh."""
        with self._lock:
            if self._run is None or self._run.is_older_than(self._fresh_seconds):
                self._run = _Run(self._question)

    def answer(self) -> T | None:
        """Return the result, waiting at most until `seconds` after the call started."""
        self.begin()
        run = self._run
        return None if run is None else run.wait(self._seconds)


class _Run(Generic[T]):
    def __init__(self, question: Callable[[], T]) -> None:
        self._question = question
        self._begun = time.monotonic()
        self._ended: float | None = None
        self._is_over = threading.Event()
        self._answer: T | None = None
        threading.Thread(target=self._ask, daemon=True).start()

    def is_older_than(self, seconds: float) -> bool:
        return self._ended is not None and time.monotonic() - self._ended >= seconds

    def wait(self, seconds: float) -> T | None:
        left = self._begun + seconds - time.monotonic()
        return self._answer if self._is_over.wait(max(left, 0)) else None

    def _ask(self) -> None:
        try:
            self._answer = self._question()
        except Exception:  # whatever it is, there is no answer  # noqa: S110
            pass
        finally:
            self._ended = time.monotonic()
            self._is_over.set()
            connections.close_all()  # this thread's connections
