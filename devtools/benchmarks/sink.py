"""The fast sink: `smtp-sink` of Debian's postfix package takes mails and throws them away."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

from . import places
from .processes import BenchError, Program

HOST = "127.0.0.1"
WAIT_SECONDS = 10
_FOLDERS = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])
_NO_MAIL_SERVER = "postfix postfix/main_mailer_type select No configuration\n"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for_port(port: int, program: Program) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        program.check()
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1):
            return
        time.sleep(0.05)
    raise BenchError(f"{program.name} does not answer on port {port}. See {program.log}.")


@contextlib.contextmanager
def smtp_sink() -> Iterator[tuple[Program, int]]:
    """A running sink and its port."""
    port = free_port()
    command = [_program(), "-4", "-m", "64"]
    if os.geteuid() == 0:
        command += ["-u", "nobody"]  # it refuses to go on as root
    with Program([*command, f"{HOST}:{port}", "64"], log=places.log("sink")) as sink:
        wait_for_port(port, sink)
        yield sink, port


@contextlib.contextmanager
def slow_line(port: int, *, round_trip: float) -> Iterator[int]:
    """A port that leads to the other one over a line of this latency (seconds)."""
    command = [sys.executable, "-m", "devtools.benchmarks.relay", str(port), str(round_trip)]
    with Program(command, log=places.log("relay"), talks=True) as relay:
        yield int(relay.expect("port", seconds=WAIT_SECONDS))


def _program() -> str:
    found = shutil.which("smtp-sink", path=_FOLDERS)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        _install()
        found = shutil.which("smtp-sink", path=_FOLDERS)
    if found is None:
        raise BenchError("smtp-sink is missing. Install the package postfix: apt-get install postfix")
    return found


def _install() -> None:
    print("Installing Debian's postfix package for smtp-sink …", file=sys.stderr, flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with places.log("apt").open("ab") as log:
        # Unconfigured, postfix does not start: only its test programs are wanted.
        subprocess.run(["debconf-set-selections"], input=_NO_MAIL_SERVER.encode(), stdout=log, stderr=log, timeout=60)
        for step in (["update"], ["install", "-y", "--no-install-recommends", "postfix"]):
            subprocess.run(["apt-get", "-q", *step], env=quiet, stdout=log, stderr=log, timeout=600)
