"""A backup that was made while the site worked becomes a site that goes on, told and counted to the same row."""

import os
import shutil
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from devtools.embedded import places
from notifications.ingest import pipeline
from notifications.models import Notification, Source
from notifications.queue import counters
from notifications.queue.counters import Name
from notifications.types.payloads.samples import SAMPLES
from tests.notifications.channels.email.wire import TestServer, by_recipient, running
from tests.waiting import wait_until

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]

PROJECT = Path(__file__).resolve().parents[2]
EVENTS_A_BATCH = 20


def program(name: str) -> str:
    """From the wheel, else from the machine."""
    if (found := places.postgres(name)).exists():
        return str(found)
    if on_path := shutil.which(name):
        return on_path
    warnings.warn(f"NO {name.upper()}: THE DRILL OF BACKUPS IS SKIPPED.", stacklevel=2)
    pytest.skip(f"Neither the wheel nor the machine has {name}.")


def url(database: str) -> str:
    connection.ensure_connection()
    info = connection.connection.info
    return f"postgresql://{info.user}@/{database}?host={info.host}"


def run(*command: str, **environment: str) -> str:
    done = subprocess.run(
        command, cwd=PROJECT, env=os.environ | environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def restore(tmp_path: Path) -> Iterator[Callable[[Path], str]]:
    """Restores a backup into a database of its own; returns its URL."""
    made = []

    def restore(backup: Path) -> str:
        name = f"restored_{os.getpid()}_{len(made)}"
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
        made.append(name)
        run(program("pg_restore"), "--exit-on-error", "--no-owner", "--dbname", url(name), str(backup))
        return url(name)

    yield restore
    with connection.cursor() as cursor:
        for name in made:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def back_up(tmp_path: Path) -> Callable[[], Path]:
    def back_up() -> Path:
        backup = tmp_path / f"{time.monotonic_ns()}.dump"
        name = connection.settings_dict["NAME"]
        run(program("pg_dump"), "--format", "custom", "--file", str(backup), url(name))
        return backup

    return back_up


class Writers:
    """The site at work: events come in, one batch after the other, in two threads."""

    def __init__(self, public_id: str, source: Source) -> None:
        self.accepted: list[str] = []
        self._public_id, self._source = public_id, source
        self._is_over = threading.Event()
        self._threads = [threading.Thread(target=self._write, args=(number,)) for number in range(2)]

    def __enter__(self) -> "Writers":
        for thread in self._threads:
            thread.start()
        try:
            wait_until(lambda: len(self.accepted) >= 10 * EVENTS_A_BATCH, "ten batches taken in")
        except AssertionError:
            self._is_over.set()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def _write(self, number: int) -> None:
        batch = 0
        while not self._is_over.is_set():
            keys = [f"{number}-{batch}-{place}" for place in range(EVENTS_A_BATCH)]
            at = timezone.now()
            events = [pipeline.Event(key, self._public_id, "claim_opened", at, SAMPLES["claim_opened"]) for key in keys]
            pipeline.notify_many(self._source, events)
            self.accepted += keys
            batch += 1
        connection.close()


@pytest.fixture
def mail_server() -> Iterator[TestServer]:
    with running(by_recipient()) as server:
        yield server


def ask(database: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(database) as one:
        return one.execute(statement).fetchall()


def contents(database: str) -> dict[str, tuple[object, ...]]:
    """How many rows each table has, and a digest of all of them."""
    tables = ask(database, "SELECT relname FROM pg_stat_user_tables ORDER BY relname")
    statement = 'SELECT count(*), md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{}" AS t'
    return {str(table): ask(database, statement.format(table))[0] for (table,) in tables}


def test_restore_what_was_saved_while_the_site_worked(shop, hanako, restore, back_up, mail_server, capsys):
    source = Source.objects.create(name="orders")
    with Writers(shop.public_id, source) as writers:
        before = set(writers.accepted)
        backup = back_up()
    began = time.monotonic()
    restored = restore(backup)
    took = time.monotonic() - began

    keys = {key for (key,) in ask(restored, "SELECT event_id FROM notifications_notification")}
    [(roads,)] = ask(restored, "SELECT count(*) FROM notifications_delivery")
    counted = dict(ask(restored, "SELECT name, sum(amount)::int FROM notifications_counterentry GROUP BY name"))
    with capsys.disabled():
        found = f"{len(before)} events before, {len(keys)} in the backup, {len(writers.accepted)} in all"
        print(f"\nRestore drill: {found}; restored in {took:.1f} s.")
    assert before <= keys <= set(writers.accepted)
    assert counted[Name.ACCEPTED] == len(keys)  # nothing is half there
    assert roads == len(keys)

    environment = {
        "SELLERHUB_DEVELOPMENT": "1",
        "DJANGO_SETTINGS_MODULE": "devtools.settings",
        "DATABASE_URL": restored,
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_server.port}",
    }
    manage = (sys.executable, "manage.py")
    checks = (
        "from django.core.management import call_command as call;"
        "call('check', databases=['default']); call('migrate', check_unapplied=True)"
    )
    run(*manage, "shell", "-v", "0", "-c", checks, **environment)
    [queued] = ask(restored, "SELECT count(*) FROM notifications_delivery WHERE status = 'queued'")
    new = (
        "from notifications import delivery; from notifications.ingest import pipeline;"
        " from notifications.models import Source;"
        " from notifications.types.payloads.samples import SAMPLES;"
        f"print(pipeline.notify({shop.public_id!r}, 'claim_opened', event_id='0-0-0', data=SAMPLES['claim_opened'],"
        " source=Source.objects.get(name='orders')));"
        f"print(pipeline.notify({shop.public_id!r}, 'claim_opened', event_id='new', data=SAMPLES['claim_opened'],"
        " source=Source.objects.get(name='orders')));"
        "print(delivery.run(max_seconds=120))"
    )
    said = run(*manage, "shell", "-v", "0", "-c", new, **environment).splitlines()

    assert [line.partition("(")[0] for line in said] == ["Duplicate", "Accepted", "False"]
    assert len(mail_server.recipients) == queued[0] + 1
    assert ask(restored, "SELECT DISTINCT status FROM notifications_delivery") == [("sent",)]


def test_restored_every_row_of_every_table_is_the_same(shop, hanako, taro, other_shop, mika, restore, back_up):
    with Writers(shop.public_id, Source.objects.create(name="orders")):
        pass
    counters.add_up()

    restored = restore(back_up())

    assert contents(restored) == contents(url(connection.settings_dict["NAME"]))
    assert Notification.objects.exists()
