"""Limits count per test, and mail lands in `mailoutbox`."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def own_cache(settings) -> Iterator[None]:
    """A cache of this process, emptied: no test meets the limits that another used up."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    yield
    cache.clear()
