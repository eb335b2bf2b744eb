"""Tokens, codes and keys: each stands for something until its moment."""

import threading
from collections import OrderedDict
from typing import Any

MAX_KEPT = 20_000


class Expiring:
    """Safe for several threads: what works once works for one of them."""

    def __init__(self, most: int = MAX_KEPT) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[Any, float]] = OrderedDict()

    def put(self, key: str, value: Any, *, until: float) -> None:
        with self._lock:
            self._kept[key] = value, until
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def get(self, key: str, *, now: float) -> Any:
        return self.lifetime(key, now=now)[0]

    def lifetime(self, key: str, *, now: float) -> tuple[Any, float]:
        """What it stands for, and for how many seconds still."""
        value, until = self._kept.get(key, (None, 0.0))
        return (value, until - now) if until > now else (None, 0.0)

    def take(self, key: str, *, now: float) -> Any:
        """Works once."""
        with self._lock:
            value, until = self._kept.pop(key, (None, 0.0))
        return value if until > now else None

    def drop_where(self, value: Any) -> None:
        with self._lock:
            for key in [key for key, (kept, _until) in self._kept.items() if kept == value]:
                del self._kept[key]

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
