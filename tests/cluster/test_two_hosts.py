"""Two worker hosts, RabbitMQ and PostgreSQL: each of them dies in the middle, and nothing acknowledged is lost."""

import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from django.db import InterfaceError, OperationalError, connection

from devtools.scripts.servers import Postgres, RabbitMQ
from notifications.delivery.batch_tracker import MAX_UNRECORDED
from notifications.ingest.api_keys import add_source
from notifications.ingest.pipeline import Accepted, Duplicate, notify
from notifications.models import Delivery, Notification
from notifications.types.enums import Channel
from notifications.types.payloads.samples import SAMPLES
from tests.drills.test_crash import PROCESSES, Background, Gate, all_recorded, gate, mail_server, message_id, queue
from tests.notifications.channels.email.wire import TestServer
from tests.waiting import LIMIT_SECONDS, wait_until

__all__ = ["gate", "mail_server", "queue"]

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]

MAILS = 3000
HOSTS = 2
OUTAGE_SECONDS = 2.0
LEASE_SECONDS = 30
"""Ends by itself after a host's death, and is longer than a living worker is held up."""


class SteadySource(threading.Thread):
    """Sends events all the time, each again until it is acknowledged, as a source should."""

    def __init__(self, seller: str) -> None:
        super().__init__(daemon=True)
        self.acknowledged: dict[str, UUID] = {}
        self.refused = 0
        self._seller = seller
        self._source = add_source("Marketplace")[0]
        self._over = threading.Event()

    def run(self) -> None:
        try:
            while not self._over.is_set():
                self._send(f"steady-{len(self.acknowledged)}")
                time.sleep(0.05)
        finally:
            connection.close()

    def _send(self, key: str) -> None:
        while key not in self.acknowledged:
            try:
                data = SAMPLES["return_requested"] | {"order_id": key}
                result = notify(self._seller, "return_requested", event_id=key, data=data, source=self._source)
            except (OperationalError, InterfaceError):
                self.refused += 1
                connection.close()
                time.sleep(0.1)
            else:
                assert isinstance(result, Accepted | Duplicate)
                self.acknowledged[key] = result.id

    def end(self) -> None:
        self._over.set()
        self.join(LIMIT_SECONDS)


@pytest.fixture
def hosts(tmp_path: Path, rabbitmq: RabbitMQ, mail_server: TestServer) -> Iterator[Background]:
    processes = Background(
        tmp_path,
        broker=rabbitmq.url,
        cache=os.environ["CACHE_URL"],
        mail_port=mail_server.port,
        DELIVERY_LEASE_SECONDS=str(LEASE_SECONDS),
    )
    yield processes
    processes.kill_all()


def test_a_host_the_broker_and_the_database_die(
    queue, hosts, rabbitmq: RabbitMQ, postgres: Postgres, mail_server, gate: Gate, shop, hanako, capsys
):
    queue(MAILS)
    steady = SteadySource(shop.public_id)
    steady.start()
    first, second = hosts.start_worker("first"), hosts.start_worker("second")
    hosts.start_beat()

    gate.close_after(1600)  # the database dies while there is work left, however quick the hosts are
    wait_until(lambda: len(mail_server.mails) >= 400, "400 mails sent", log=hosts.log)
    hosts.kill(second)
    wait_until(lambda: len(mail_server.mails) >= 900, "900 mails sent", log=hosts.log)
    rabbitmq.kill()
    time.sleep(OUTAGE_SECONDS)
    rabbitmq.start()
    hosts.start_worker("second")
    wait_until(lambda: len(mail_server.mails) > 1600, "1,600 mails sent", log=hosts.log)
    postgres.crash()
    gate.open()
    time.sleep(OUTAGE_SECONDS)
    postgres.start()
    connection.close()
    left = Delivery.objects.filter(status="queued").count()
    wait_until(all_recorded, "all recorded", seconds=300, log=hosts.log)
    steady.end()
    wait_until(all_recorded, "the last events recorded", log=hosts.log)

    arrived = Counter(mail_server.recipients)
    told = Counter(mail for recipient, mail in mail_server.mails if recipient == hanako.email)
    lost = MAILS - sum(1 for recipient in arrived if recipient != hanako.email)
    in_all = MAILS + len(steady.acknowledged)
    ids = {(recipient, message_id(mail)) for recipient, mail in mail_server.mails}
    twice = len(mail_server.mails) - len(ids)
    most = MAX_UNRECORDED[Channel.EMAIL] * PROCESSES * (1 + HOSTS)
    with capsys.disabled():
        print(
            f"\nCluster drill: {in_all} mails by two hosts; a host, RabbitMQ and PostgreSQL killed, {left} left"
            f" then: lost {lost}, sent twice {twice} (at most {most} allowed); {len(steady.acknowledged)} events"
            f" taken in meanwhile, {steady.refused} times refused while the database was away."
        )
    assert first.poll() is None
    assert 0 < left < in_all
    assert lost == 0
    assert twice <= most
    assert len(ids) == in_all
    assert sum(told.values()) >= len(steady.acknowledged)
    assert steady.refused > 0
    kept = dict(Notification.objects.filter(event_id__startswith="steady-").values_list("event_id", "id"))
    assert kept == steady.acknowledged
    assert set(Delivery.objects.values_list("status", flat=True)) == {"sent"}
