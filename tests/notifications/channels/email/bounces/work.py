"""How much work the reader of returned mail does, counted and not timed: the same on every machine."""

import gc
import importlib
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, ModuleType
from typing import Any, NamedTuple
from unittest import mock

_COUNTED = ("notifications.channels.email.bounces", "flufl.bounce")
"""Packages whose patterns are counted."""


class Work(NamedTuple):
    calls: int
    """Of functions, in Python and in C."""
    characters: int
    """Handed to patterns."""


class CountingPattern:
    """A pattern that adds up what it is given to look at."""

    total = 0

    def __init__(self, pattern: re.Pattern[Any]) -> None:
        self._pattern = pattern

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._pattern, name)
        if name in ("pattern", "flags", "groups", "groupindex"):
            return method

        def counting(*arguments: Any, **options: Any) -> Any:
            text = arguments[1] if name in ("sub", "subn") else arguments[0]
            CountingPattern.total += len(text)
            return method(*arguments, **options)

        return counting


@contextmanager
def counting_reader() -> Iterator[ModuleType]:
    """The reader as a package of its own, imported anew so that every pattern in it counts."""
    compile_pattern = re._compile  # type: ignore[attr-defined]

    def compile_counting(pattern: Any, flags: int) -> Any:
        if isinstance(pattern, CountingPattern):
            return pattern
        return CountingPattern(compile_pattern(pattern, flags))

    def is_counted(name: str) -> bool:
        return any(name == package or name.startswith(f"{package}.") for package in _COUNTED)

    before = {name: module for name, module in sys.modules.items() if is_counted(name)}
    for name in before:
        del sys.modules[name]
    try:
        with mock.patch.object(re, "_compile", compile_counting):
            yield importlib.import_module(_COUNTED[0])
    finally:
        for name in [name for name in sys.modules if is_counted(name)]:
            del sys.modules[name]
        sys.modules.update(before)


def work_of(act: Callable[[], object]) -> Work:
    """What one call costs, once everything is loaded that it needs."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    act()
    CountingPattern.total = 0
    watching = sys.getprofile()
    gc.disable()  # what it ends is not of this call
    sys.setprofile(count)
    try:
        act()
    finally:
        sys.setprofile(watching)
        gc.enable()
    return Work(calls, CountingPattern.total)


def cpu_seconds(act: Callable[[], object]) -> float:
    """Of the quickest of three times: to be compared with that of something else only."""
    taken = []
    for _ in range(3):
        started = time.thread_time()
        act()
        taken.append(time.thread_time() - started)
    return min(taken)
