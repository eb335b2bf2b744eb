"""Static files as tests serve them: without hashes in their names, and as strict as production about what exists."""

from functools import cache

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class ExistingFilesStorage(StaticFilesStorage):
    """Raises ValueError for the URL of a file that no finder knows, as hashed storage does in production."""

    def url(self, name: str | None) -> str:
        if name and not _exists(name):
            raise ValueError(f"There is no static file {name!r}.")
        return super().url(name)


@cache
def _exists(name: str) -> bool:
    return finders.find(name) is not None
