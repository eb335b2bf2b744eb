"""Start and stop Debian's PostgreSQL, Redis and RabbitMQ, each with its own folder and port.

Tests may start, kill and restart them while workers run.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 60.0
PACKAGES = "postgresql redis-server rabbitmq-server"


class MissingServerError(Exception):
    """A server is not installed."""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@dataclass(frozen=True)
class Postgres:
    """Durable as in production: every commit is flushed to disk."""

    folder: Path
    port: int
    user: str = "postgres"
    """The user that runs it when started by root, because PostgreSQL refuses to run as root."""

    @property
    def url(self) -> str:
        return f"postgresql://sellerhub@127.0.0.1:{self.port}/sellerhub"

    def create(self) -> None:
        self.folder.mkdir()
        if os.geteuid() == 0:
            found = pwd.getpwnam(self.user)
            os.chown(self.folder, found.pw_uid, found.pw_gid)
        self._run("initdb", "--pgdata", self._data, "--username", "sellerhub", "--auth", "trust", "--encoding", "UTF8")
        with (self.folder / "data" / "postgresql.conf").open("a") as settings:
            settings.write(
                f"port = {self.port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\n"
                "max_connections = 60\n"
            )
        self.start()
        self._run("createdb", "--host", "127.0.0.1", "--port", str(self.port), "--username", "sellerhub", "sellerhub")

    def start(self) -> None:
        log = str(self.folder / "postgres.log")
        self._run("pg_ctl", "--pgdata", self._data, "--log", log, "--wait", "start")

    def crash(self) -> None:
        """Stop at once without a shutdown, as after a power failure."""
        self._run("pg_ctl", "--pgdata", self._data, "--mode", "immediate", "--wait", "stop")

    stop = crash

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [*self._as_user(), str(_postgres(program)), *arguments],
            check=True,
            timeout=START_SECONDS,
            stdout=subprocess.DEVNULL,
            cwd="/",
        )

    def _as_user(self) -> list[str]:
        return ["runuser", "-u", self.user, "--"] if os.geteuid() == 0 else []


class Redis:
    """Without persistence: it is empty after each start."""

    def __init__(self, folder: Path, port: int) -> None:
        self.port = port
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._folder.mkdir(exist_ok=True)
        command = f"--port {self.port} --bind 127.0.0.1 --save"
        self._process = subprocess.Popen(
            [_program("redis-server"), *command.split(), ""], cwd=self._folder, stdout=subprocess.DEVNULL
        )
        _wait(lambda: _answers(self.port), "Redis")

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)


class RabbitMQ:
    """One node with its own folder; durable queues and messages survive a kill."""

    def __init__(self, folder: Path) -> None:
        self.port, self._peer_port, self._mapper_port = free_port(), free_port(), free_port()
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def start(self) -> None:
        (self._folder / "home").mkdir(parents=True, exist_ok=True)
        environment = os.environ | {
            "HOME": str(self._folder / "home"),
            "RABBITMQ_NODENAME": f"sellerhub{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self._peer_port),
            "ERL_EPMD_PORT": str(self._mapper_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "RABBITMQ_MNESIA_BASE": str(self._folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self._folder / "log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._folder / "plugins"),
            "RABBITMQ_CONFIG_FILE": str(self._folder / "rabbitmq"),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_PID_FILE": str(self._folder / "pid"),
        }
        with (self._folder / "out.log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(_rabbitmq())], env=environment, stdout=log, stderr=log, start_new_session=True
            )
        _wait(lambda: _answers(self.port), "RabbitMQ")

    def kill(self) -> None:
        """Kill the node and its child processes."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(10)

    def stop(self) -> None:
        """Also kill its port mapper (epmd), which starts its own session."""
        self.kill()
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if f"ERL_EPMD_PORT={self._mapper_port}".encode() in (process / "environ").read_bytes().split(b"\0"):
                    os.kill(int(process.name), signal.SIGKILL)


def require_all() -> None:
    """Raise MissingServerError, which says what to install."""
    _postgres("postgres")
    _program("redis-server")
    _rabbitmq()


def _postgres(program: str) -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1]
    return Path(_program(program))


def _rabbitmq() -> Path:
    """Return the server program itself, because Debian's wrapper requires a certain user."""
    found = sorted(Path("/usr/lib/rabbitmq/lib").glob("rabbitmq_server-*/sbin/rabbitmq-server"))
    return found[-1] if found else Path(_program("rabbitmq-server"))


def _program(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin")
    if found is None:
        raise MissingServerError(f"{name} is not installed. On Debian: apt-get install {PACKAGES}")
    return found


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def _wait(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + START_SECONDS
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} does not answer after {START_SECONDS:g} seconds.")
        time.sleep(0.05)
