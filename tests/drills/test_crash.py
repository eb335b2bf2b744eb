"""A worker is killed in the middle and the broker forgets everything: every mail arrives all the same."""

import contextlib
import itertools
import math
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from celery import Celery
from django.db import connection
from django.utils import timezone

from devtools.embedded import places
from notifications.delivery.batch_tracker import MAX_UNRECORDED
from notifications.models import Address, Delivery, Notification, Source
from notifications.types.enums import AddressState, Channel
from notifications.types.payloads.samples import SAMPLES
from tests.notifications.channels.email.wire import Peer, Script, TestServer, running
from tests.notifications.operations.metrics.reading import samples
from tests.waiting import LIMIT_SECONDS, wait_until

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]

MAILS = 2000
"""Room for two kills, with whole batches of every process left over after each."""
LATE_MAILS = 20
PROCESSES = 2
LEASE_SECONDS = 600
"""Longer than a living worker is ever held up; those of the dead are ended by `end_leases`."""
PROJECT = Path(__file__).resolve().parents[2]


class Gate:
    """Holds back the answers after so many mails: what a drill kills meanwhile is always in the middle."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._most: float = math.inf

    def close_after(self, mails: int) -> None:
        self._set(mails)

    def open(self) -> None:
        self._set(math.inf)

    def wait(self, number: int) -> None:
        with self._changed:
            self._changed.wait_for(lambda: number <= self._most, LIMIT_SECONDS)

    def _set(self, most: float) -> None:
        with self._changed:
            self._most = most
            self._changed.notify_all()


def accept_by(gate: Gate) -> Script:
    def accept(server: TestServer, peer: Peer, number: int) -> None:
        peer.greet("PIPELINING")
        while True:
            recipient = peer.hear_envelope()
            peer.say("250 ok", "250 ok", "354 go on")
            server.mails.append((recipient, peer.hear_mail()))
            gate.wait(len(server.mails))
            peer.say("250 taken")

    return accept


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Valkey:
    """A broker that remembers nothing from one start to the next."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._folder = folder
        self._log = folder / "valkey.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = f"--port {self.port} --bind 127.0.0.1 --dir {self._folder} --save"
        program = os.environ.get("VALKEY_SERVER") or places.valkey_server()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen([program, *command.split(), ""], stdout=log, stderr=log)
        wait_until(self._answers, "Valkey answers", log=self._log)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(LIMIT_SECONDS)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as client:
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False


class Background:
    """Celery processes, each the head of a process group of its own."""

    def __init__(self, folder: Path, *, broker: str, mail_port: int, cache: str = "", **more: str) -> None:
        self.log = folder / "celery.log"
        self._folder = folder
        self._groups: list[subprocess.Popen[bytes]] = []
        connection.ensure_connection()
        database = connection.connection.info
        self._environment = os.environ | {
            "SELLERHUB_DEVELOPMENT": "1",
            "DJANGO_SETTINGS_MODULE": "devtools.settings",
            "DATABASE_URL": f"postgresql://{database.user}@/{database.dbname}?host={database.host}&port={database.port}",
            "BROKER_URL": broker if cache else f"{broker}/0",
            "CACHE_URL": cache or f"{broker}/1",
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
            "DELIVERY_LEASE_SECONDS": str(LEASE_SECONDS),
            "DELIVERY_BATCH": "200",
            # Longer than any gate is closed.
            "EMAIL_TIMEOUT": "300",
            "DELIVERY_TIMEOUT": "300",
            **more,
        }

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "tests.drills.quick", *arguments],
                cwd=PROJECT,
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._groups.append(process)
        return process

    def start_worker(self, host: str = "one") -> subprocess.Popen[bytes]:
        return self.start("worker", "-n", host, "--concurrency", str(PROCESSES), "--loglevel", "INFO")

    def start_lone_worker(self) -> subprocess.Popen[bytes]:
        """One that does not wait a second for others to greet it: for drills whose broker lives on."""
        return self.start(
            "worker", "-n", "one", "--concurrency", str(PROCESSES), "--loglevel", "INFO", "--without-mingle"
        )

    def start_beat(self) -> None:
        self.start("beat", "--schedule", str(self._folder / "beat"), "--loglevel", "INFO")

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """The whole group at once, as when the machine dies."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(LIMIT_SECONDS)

    def kill_and_forget(self, process: subprocess.Popen[bytes]) -> None:
        """The same, and until the database has noticed: what was not committed is gone."""
        self.kill(process)
        wait_until(is_alone, "nobody else in the database", log=self.log)

    def kill_all(self) -> None:
        for process in self._groups:
            self.kill(process)


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    server = Valkey(tmp_path)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def mail_server(gate: Gate) -> Iterator[TestServer]:
    with running(accept_by(gate)) as server:
        yield server
        gate.open()


@pytest.fixture
def background(tmp_path: Path, valkey: Valkey, mail_server: TestServer) -> Iterator[Background]:
    processes = Background(tmp_path, broker=f"redis://127.0.0.1:{valkey.port}", mail_port=mail_server.port)
    yield processes
    processes.kill_all()


@pytest.fixture
def queue(shop) -> Callable[[int], None]:
    """Queue so many mails, two for each notification, each to an address of its own."""
    source = Source.objects.create(name="orders")
    numbers = itertools.count()

    def queue(mails: int) -> None:
        past = timezone.now() - timedelta(seconds=1)
        addresses = Address.objects.bulk_create(
            Address(account=shop, email=f"{next(numbers)}@ok.test", state=AddressState.ACTIVE) for _ in range(mails)
        )
        notifications = Notification.objects.bulk_create(
            Notification(
                account=shop,
                source=source,
                event_id=str(next(numbers)),
                type="order_confirmed",
                occurred_at=past,
                data=SAMPLES["order_confirmed"],
            )
            for _ in range(mails // 2)
        )
        Delivery.objects.bulk_create(
            Delivery(
                notification=notifications[number // 2],
                channel=Channel.EMAIL,
                address=address,
                recipient=address.email,
                language="ja",
                due_at=past,
            )
            for number, address in enumerate(addresses)
        )

    return queue


def all_recorded() -> bool:
    return not Delivery.objects.filter(status="queued").exists()


def is_alone() -> bool:
    """Whether nobody but this test is connected to its database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid())"
        )
        return bool(cursor.fetchone()[0])


def held_now() -> dict[UUID, UUID]:
    """The deliveries that some worker has, by their leases."""
    held = Delivery.objects.filter(status="queued", lease__isnull=False, due_at__gt=timezone.now())
    return dict(held.values_list("pk", "lease"))


def end_leases(deliveries: Collection[UUID]) -> None:
    """As when their time has passed."""
    Delivery.objects.filter(pk__in=deliveries, status="queued").update(due_at=timezone.now())


def test_kill_a_worker_and_lose_the_broker(queue, valkey, background, mail_server, gate, capsys):
    begun = time.time()
    queue(MAILS)
    gate.close_after(500)
    worker = background.start_worker()
    with Celery(broker=f"redis://127.0.0.1:{valkey.port}/0", set_as_current=False) as bell:
        for _ in range(PROCESSES):
            bell.send_task("notifications.tasks.deliver", retry=False)

    wait_until(lambda: len(mail_server.mails) > 500, "500 mails sent", log=background.log)
    background.kill_and_forget(worker)
    sent_before_the_kill = len(mail_server.mails)
    left = Delivery.objects.filter(status="queued").count()
    of_the_dead = held_now()
    gate.close_after(1200)
    background.start_worker()
    background.start_beat()
    wait_until(lambda: len(mail_server.mails) > 1200, "1,200 mails sent", log=background.log)
    valkey.kill()
    gate.open()  # a worker with nothing to spare does not read from the broker, and notices nothing
    wait_until(
        lambda: "Connection to broker lost" in background.log.read_text(), "the worker notices", log=background.log
    )
    still_of_the_dead = of_the_dead.items() & held_now().items()
    end_leases(of_the_dead)
    valkey.start()
    wait_until(all_recorded, "all mails sent", log=background.log)
    queue(LATE_MAILS)  # nobody rings for these: only the timetable, over the broker that came back, can find them
    wait_until(all_recorded, "the late mails sent", log=background.log)

    arrived = Counter(mail_server.recipients)
    lost = MAILS + LATE_MAILS - len(arrived)
    twice = sum(count - 1 for count in arrived.values())
    ids = {(recipient, message_id(mail)) for recipient, mail in mail_server.mails}
    with capsys.disabled():
        print(
            f"\nCrash drill: {MAILS} mails, killed after {sent_before_the_kill} with {left} not recorded as sent:"
            f" lost {lost}, sent twice {twice} (at most {MAX_UNRECORDED[Channel.EMAIL] * PROCESSES} allowed)."
        )
    assert 0 < left < MAILS
    assert of_the_dead
    assert still_of_the_dead == of_the_dead.items()
    assert lost == 0
    assert twice <= MAX_UNRECORDED[Channel.EMAIL] * PROCESSES
    assert set(arrived.values()) <= {1, 2}
    assert len(ids) == MAILS + LATE_MAILS
    assert set(Delivery.objects.values_list("status", flat=True)) == {"sent"}
    # The page of metrics says the same, whoever was killed in between and however often the rows were added up.
    beat = ("sellerhub_heartbeat_timestamp_seconds", "beat")
    wait_until(lambda: samples()[beat] >= begun, "the timetable is seen alive", log=background.log)
    told = samples()
    assert told["sellerhub_deliveries_sent_total", "email", "alone"] == MAILS + LATE_MAILS
    assert told["sellerhub_queued_deliveries", "email", "normal"] == 0
    assert told["sellerhub_oldest_due_delivery_seconds", "email", "normal"] == 0


def message_id(mail: bytes) -> bytes:
    found = re.search(rb"^Message-ID: (<[^>]+>)\r$", mail, re.MULTILINE)
    assert found is not None
    return found[1]
