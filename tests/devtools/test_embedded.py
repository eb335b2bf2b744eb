"""The embedded servers as several processes share them, each test in a folder with a space in its path."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from devtools import embedded
from devtools.embedded import keeper, places
from tests.waiting import LIMIT_SECONDS, wait_until

pytestmark = pytest.mark.drill

USE = """
import sys
from devtools import embedded
embedded.ensure_running()
print("ready", flush=True)
sys.stdin.readline()
"""
SQL = """
import sys
import psycopg
from devtools import embedded
embedded.ensure_running()
with psycopg.connect(embedded.database_url()) as connection:
    for statement in sys.argv[1:]:
        cursor = connection.execute(statement)
print(cursor.fetchone()[0] if cursor.description else "done")
"""


@pytest.fixture(autouse=True)
def folder(monkeypatch):
    # Not pytest's own folder, which it closes to everybody else again and again.
    with tempfile.TemporaryDirectory(prefix="sellerhub test ") as name:
        monkeypatch.setenv("VAR_DIR", name)
        # The test run itself goes on using its own servers.
        monkeypatch.setattr(embedded, "_held", {})
        monkeypatch.setattr(embedded, "_started", [])
        yield Path(name).resolve()
        wait_for_the_end()
        embedded.reset()


def begin() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", USE],
        cwd=places.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def use() -> subprocess.Popen[str]:
    user = begin()
    assert user.stdout.readline() == "ready\n"
    return user


def end(user: subprocess.Popen[str]) -> None:
    user.communicate("\n", timeout=LIMIT_SECONDS)


def sql(*statements: str) -> str:
    command = [sys.executable, "-c", SQL, *statements]
    return subprocess.run(command, cwd=places.BASE_DIR, check=True, capture_output=True, text=True).stdout.strip()


def server_pids(folder: Path) -> list[int]:
    """PostgreSQL's main process and Valkey, of this folder only."""
    found = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = process.read_bytes().decode(errors="replace")
        except OSError:
            continue
        if f"{folder}/postgres\0" in words or f"unixsocket:{places.valkey_socket()}" in words:
            found.append(int(process.parent.name))
    return sorted(found)


def wait_for_the_end() -> None:
    wait_until(
        lambda: not server_pids(places.var_dir()) and not embedded.is_running(),
        "the servers have ended",
        log=places.log_dir() / "embedded.log",
    )


def test_the_servers_outlive_a_short_command_and_not_the_last_user(folder):
    long = use()
    before = server_pids(folder)

    short = use()
    end(short)
    time.sleep(2 * keeper.LOOK_SECONDS)  # what stops them looks once more
    between = server_pids(folder)
    end(long)
    wait_for_the_end()

    assert len(before) == 2
    assert between == before


def test_several_first_users_at_once_share_one_pair_of_servers(folder):
    users = [begin() for _ in range(4)]

    said = [user.stdout.readline() for user in users]
    pids = server_pids(folder)
    for user in users:
        end(user)

    assert said == ["ready\n"] * 4
    assert len(pids) == 2


def test_nothing_is_left_behind_when_the_only_user_is_killed(folder):
    user = use()

    user.kill()
    user.communicate()

    wait_for_the_end()
    assert server_pids(folder) == []


@pytest.mark.skipif(sys.platform != "linux", reason="needs the parent death signal")
def test_a_killed_keeper_takes_its_servers_along_and_the_next_user_starts_anew(folder):
    sql("CREATE TABLE kept (word text)", "INSERT INTO kept VALUES ('still here')")
    user = use()

    os.kill(int(places.ready_file().read_text()), signal.SIGKILL)
    wait_for_the_end()
    word = sql("SELECT word FROM kept")
    end(user)

    assert word == "still here"


def test_data_outlives_a_stop_and_not_a_reset(folder):
    sql("CREATE TABLE kept (word text)", "INSERT INTO kept VALUES ('still here')")
    wait_for_the_end()
    after_a_stop = sql("SELECT word FROM kept")
    wait_for_the_end()

    embedded.reset()
    after_a_reset = sql("SELECT to_regclass('kept')")

    assert after_a_stop == "still here"
    assert after_a_reset == "None"


def test_reset_is_refused_while_another_process_uses_the_servers(folder):
    user = use()

    with pytest.raises(embedded.EmbeddedError, match="in use"):
        embedded.reset()

    assert embedded.is_running()
    end(user)


def test_stop_waits_for_the_end(folder):
    embedded.ensure_running()

    stopped = embedded.stop()

    assert stopped
    assert server_pids(folder) == []
    assert not embedded.is_running()


def test_data_is_safe_on_disk_and_people_stay_out_of_the_log(folder):
    settings = sql("SELECT current_setting('fsync') || current_setting('full_page_writes')")
    with pytest.raises(subprocess.CalledProcessError):
        sql("CREATE TABLE address (email text UNIQUE)", *["INSERT INTO address VALUES ('hanako@ok.test')"] * 2)

    log = (folder / "log" / "postgresql.log").read_text()
    assert settings == "onon"
    assert "duplicate key value" in log
    assert "hanako" not in log


def test_missing_wheels_are_told_in_a_sentence(monkeypatch):
    monkeypatch.setattr(places.importlib.util, "find_spec", lambda name: None)

    with pytest.raises(embedded.EmbeddedError, match=r"install requirements-dev\.txt"):
        embedded.ensure_running()


def test_a_foreign_folder_in_the_place_of_the_sockets_is_refused(folder):
    places.run_dir().mkdir(mode=0o755)

    with pytest.raises(embedded.EmbeddedError, match="not this user's own"):
        embedded.ensure_running()

    embedded.stop()


def test_the_addresses_hold_a_short_path_without_spaces():
    assert len(f"{places.run_dir()}/.s.PGSQL.5432") < 100
    assert " " not in embedded.database_url() + embedded.broker_url() + embedded.cache_url()
