"""The process that runs the embedded PostgreSQL and Valkey: `python -m devtools.embedded.keeper`."""

import contextlib
import fcntl
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import IO

from devtools.embedded import places
from devtools.embedded.locks import LockHeldError, lock
from devtools.embedded.orphans import die_with_parent
from devtools.embedded.places import EmbeddedError
from devtools.embedded.system_user import RunAs, run_as

START_SECONDS = 50
STOP_SECONDS = 15
LOOK_SECONDS = 0.5

POSTGRES_OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "work_mem": "8MB",
    "max_wal_size": "512MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # Failed statements and their details hold personal data, so they are not logged.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
VALKEY_OPTIONS = {
    "port": "0",
    "unixsocketperm": "700",
    "save": "",  # the work is stored in PostgreSQL; the broker only carries task names
    "appendonly": "no",
    "maxmemory": "256mb",
    "maxmemory-policy": "noeviction",
}

_held: list[IO[str]] = []


def keep() -> None:
    """Run both servers until no process uses them, one of them ends, or SIGTERM arrives."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with lock("keeper", fcntl.LOCK_EX, seconds=STOP_SECONDS), contextlib.ExitStack() as stack:
        user = run_as()
        _make_run_dir(user)
        stack.callback(shutil.rmtree, places.run_dir(), ignore_errors=True)
        servers = {
            "PostgreSQL": stack.enter_context(_postgres(user)),
            "Valkey": stack.enter_context(_valkey(user)),
        }
        places.ready_file().write_text(f"{os.getpid()}\n")
        stack.callback(places.ready_file().unlink, missing_ok=True)
        _wait_for_the_last_user(servers)


def _wait_for_the_last_user(servers: dict[str, subprocess.Popen[bytes]]) -> None:
    while True:
        for name, server in servers.items():
            if server.poll() is not None:
                raise EmbeddedError(f"{name} ended by itself with code {server.returncode}.")
        with contextlib.suppress(LockHeldError):
            # Held until this process ends: a new user waits, then starts the servers again.
            _held.append(lock("users", fcntl.LOCK_EX, seconds=0))
            return
        time.sleep(LOOK_SECONDS)


def _make_run_dir(user: RunAs) -> None:
    folder = places.run_dir()
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        user.own(folder)
    found = folder.lstat()
    owner = os.geteuid() if user.uid is None else user.uid
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or stat.S_IMODE(found.st_mode) != 0o700:
        raise EmbeddedError(f"{folder} is there already and is not this user's own. Remove it.")


@contextlib.contextmanager
def _postgres(user: RunAs) -> Iterator[subprocess.Popen[bytes]]:
    data, log = places.data_dir(), places.log_dir() / "postgresql.log"
    if not data.exists():
        _make_data(user, data)
    options = {**POSTGRES_OPTIONS, "unix_socket_directories": str(places.run_dir())}
    # Not pg_ctl: it cannot start a server whose data path has a space.
    command = [str(places.postgres("postgres")), "-D", str(data)]
    command += [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
    with _server(user, command, log, gentle=signal.SIGINT, rough=signal.SIGQUIT) as server:
        _wait("PostgreSQL", server, log, lambda: _accepts_connections(server, data))
        psql = partial(_run, user, places.postgres("psql"), "-h", str(places.run_dir()), "-U", "postgres", "-XAtqc")
        if places.DATABASE not in psql("SELECT datname FROM pg_database").split():
            psql(f"CREATE DATABASE {places.DATABASE}")
        yield server


def _make_data(user: RunAs, data: Path) -> None:
    """Create the data folder under another name and rename it, so that an incomplete one is never used."""
    aside = data.with_suffix(".new")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(mode=0o700)
    user.own(aside)
    _run(
        user,
        places.postgres("initdb"),
        *("-D", str(aside), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C"),
        *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
    )
    aside.rename(data)


def _accepts_connections(server: subprocess.Popen[bytes], data: Path) -> bool:
    """Return whether the status file of this server, not of an earlier one, says ready."""
    try:
        words = (data / "postmaster.pid").read_text().split()
    except OSError:
        return False
    return words[:1] == [str(server.pid)] and words[-1:] == ["ready"]


@contextlib.contextmanager
def _valkey(user: RunAs) -> Iterator[subprocess.Popen[bytes]]:
    log, socket = places.log_dir() / "valkey.log", places.valkey_socket()
    socket.unlink(missing_ok=True)
    options = {**VALKEY_OPTIONS, "unixsocket": str(socket), "dir": str(places.run_dir())}
    command = [str(places.valkey_server())]
    command += [part for key, value in options.items() for part in (f"--{key}", value)]
    with _server(user, command, log, gentle=signal.SIGTERM, rough=signal.SIGKILL) as server:
        _wait("Valkey", server, log, socket.exists)
        yield server


def _run(user: RunAs, program: Path, *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 (fixed words)
        [str(program), *arguments],
        cwd="/",
        env=_environment(),
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        user=user.uid,
        group=user.gid,
        extra_groups=user.groups,
    )
    if done.returncode:
        raise EmbeddedError(f"{program.name} failed: {done.stderr.strip()}")
    return done.stdout.strip()


@contextlib.contextmanager
def _server(
    user: RunAs, command: list[str], log: Path, *, gentle: signal.Signals, rough: signal.Signals
) -> Iterator[subprocess.Popen[bytes]]:
    with places.open_log(log) as output:
        server = subprocess.Popen(  # noqa: S603 (fixed words)
            command,
            cwd="/",
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=die_with_parent(gentle),
            user=user.uid,
            group=user.gid,
            extra_groups=user.groups,
        )
    try:
        yield server
    finally:
        server.send_signal(gentle)
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.send_signal(rough)
            server.wait(STOP_SECONDS)


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}


def _wait(name: str, server: subprocess.Popen[bytes], log: Path, ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not ready():
        if server.poll() is not None or time.monotonic() > deadline:
            end = "\n".join(log.read_text(errors="replace").splitlines()[-10:])
            raise EmbeddedError(f"{name} did not start:\n{end}")
        time.sleep(0.02)


if __name__ == "__main__":
    try:
        keep()
    except (EmbeddedError, LockHeldError) as error:
        sys.exit(str(error))
