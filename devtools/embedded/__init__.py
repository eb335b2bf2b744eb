"""Start PostgreSQL and Valkey from Python wheels, for development machines without such servers.

The data is in `var/` (or `VAR_DIR`), the sockets in a folder below /tmp. Each process that uses the servers holds a
shared lock as long as it lives. A keeper process starts the servers, waits until no process holds that lock (the
kernel releases it even after `kill -9`) and stops them. So short commands can share the servers with a longer one,
and nothing keeps running after the last.

Standard library only, because it is imported before Django's settings.
"""

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

from devtools.embedded import places
from devtools.embedded.locks import LockHeldError, lock
from devtools.embedded.places import EmbeddedError

__all__ = [
    "EmbeddedError",
    "broker_url",
    "cache_url",
    "database_url",
    "ensure_running",
    "is_running",
    "provide_servers",
    "reset",
    "stop",
]

START_SECONDS = 60
STOP_SECONDS = 40

_held: dict[str, IO[str]] = {}
_started: list[int] = []


def database_url() -> str:
    return f"postgresql://postgres@/{places.DATABASE}?host={places.run_dir()}"


def broker_url() -> str:
    return f"redis+socket://{places.valkey_socket()}?virtual_host=0"


def cache_url() -> str:
    return f"unix://{places.valkey_socket()}?db=1"


def provide_servers() -> None:
    """Start or join the embedded servers and set their URLs in the environment, unless it names others already."""
    if all(os.environ.get(name) for name in ("DATABASE_URL", "BROKER_URL")):
        return
    ensure_running()
    for name, url in (("DATABASE_URL", database_url()), ("BROKER_URL", broker_url()), ("CACHE_URL", cache_url())):
        os.environ[name] = os.environ.get(name) or url


def ensure_running() -> None:
    """Start the servers or join running ones; they run at least as long as this process. Raises EmbeddedError."""
    places.require_wheels()
    places.make_folders()
    try:
        if "users" not in _held:
            # Held exclusively while a keeper stops the servers: wait until it has ended, then start again.
            _held["users"] = lock("users", fcntl.LOCK_SH, seconds=STOP_SECONDS)
        with lock("start", fcntl.LOCK_EX, seconds=START_SECONDS):
            if not is_running():
                _start_keeper()
    except LockHeldError as error:
        raise EmbeddedError(f"{error} See {places.log_dir()}.") from error


def is_running() -> bool:
    """Return whether a keeper is alive and both of its servers are ready."""
    if not places.ready_file().exists():
        return False
    return not _free("keeper", fcntl.LOCK_SH)


def stop() -> bool:
    """Release the servers and wait until they end; return False when another process still uses them."""
    if "users" in _held:
        _held.pop("users").close()
    if not places.state_dir().exists():
        return True
    deadline = time.monotonic() + STOP_SECONDS
    while not _free("users", fcntl.LOCK_EX):
        # Others share it. If even a shared lock is not possible, the keeper is stopping the servers.
        if _free("users", fcntl.LOCK_SH) or time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    while not _free("keeper", fcntl.LOCK_EX):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    while _started:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(_started.pop(), 0)
    return True


def reset() -> None:
    """Delete all data of the embedded servers. Raises EmbeddedError while another process uses them."""
    if not stop():
        raise EmbeddedError("The embedded servers are in use. Stop the demo (Ctrl-C) and try again.")
    for folder in (places.data_dir(), places.state_dir(), places.run_dir()):
        shutil.rmtree(folder, ignore_errors=True)
        if folder.exists():
            raise EmbeddedError(f"{folder} cannot be removed: it belongs to another user.")


def _free(name: str, kind: int) -> bool:
    try:
        lock(name, kind, seconds=0).close()
    except LockHeldError:
        return False
    return True


def _start_keeper() -> None:
    places.ready_file().unlink(missing_ok=True)  # left behind by a keeper that was killed
    log = places.log_dir() / "embedded.log"
    with places.open_log(log) as output:
        begin = output.tell()
        keeper = subprocess.Popen(
            [sys.executable, "-m", "devtools.embedded.keeper"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=places.BASE_DIR,
            start_new_session=True,  # so that Ctrl-C in the terminal does not reach the servers
            env={**os.environ, "VAR_DIR": str(places.var_dir())},
        )
    deadline = time.monotonic() + START_SECONDS
    while not is_running():
        if keeper.poll() is not None:
            raise EmbeddedError(f"The embedded servers did not start.\n{_said(log, begin)}")
        if time.monotonic() > deadline:
            keeper.terminate()
            raise EmbeddedError(f"The embedded servers did not start in {START_SECONDS} seconds. See {log}.")
        time.sleep(0.05)
    sys.stderr.write(_said(log, begin))
    keeper.returncode = 0  # it may outlive this process, which Popen would warn about
    _started.append(keeper.pid)


def _said(log: Path, begin: int) -> str:
    return log.read_bytes()[begin:].decode(errors="replace")
