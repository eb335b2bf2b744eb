"""Where a bench keeps its data and logs: apart from the demo's."""

import os
from pathlib import Path

from devtools.embedded.places import BASE_DIR

VAR = BASE_DIR / "var" / "bench"


def log(name: str) -> Path:
    folder = VAR / "log"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.log"


def use_own_servers() -> None:
    """Point this process and those it starts at embedded servers of the bench's own. Call it early."""
    os.environ["VAR_DIR"] = str(VAR)
    os.environ["SELLERHUB_DEVELOPMENT"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "devtools.settings")
    for name in ("DATABASE_URL", "BROKER_URL", "CACHE_URL"):
        os.environ.pop(name, None)
