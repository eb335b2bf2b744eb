"""Ask something that may hang, and answer in time all the same."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import connections

T = TypeVar("T")


class Timed(Generic[T]):
    """One question, asked in a thread of its own: None when it fails or does not end within `seconds`.

    Whoever asks while it is being asked waits for the same answer, so that a server that hangs holds up one thread
    and not one for each who asks. An answer is good for `fresh_seconds`.
    """

    def __init__(self, question: Callable[[], T], *, seconds: float, fresh_seconds: float = 0) -> None:
        self._question = question
        self._seconds = seconds
        self._fresh_seconds = fresh_seconds
        self._lock = threading.Lock()
        self._run: _Run[T] | None = None

    def begin(self) -> None:
        """Start to ask, unless it is being asked or the last answer is fresh."""
        with self._lock:
            if self._run is None or self._run.is_older_than(self._fresh_seconds):
                self._run = _Run(self._question)

    def answer(self) -> T | None:
        """The answer, after a wait of `seconds` from the beginning at the most."""
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
            connections.close_all()  # this thread's own
