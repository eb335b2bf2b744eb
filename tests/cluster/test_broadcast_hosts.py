"""A broadcast goes out by two hosts, while a host, RabbitMQ and PostgreSQL die: every seller has it once."""

import time
from collections import Counter

from django.db import connection

from notifications.models import Broadcast, Notification
from scripts.servers import Postgres, RabbitMQ
from tests.drills.test_broadcast import SELLERS, broadcast, pytestmark, sellers, told
from tests.drills.test_crash import mail_server, wait_until

from .test_two_hosts import OUTAGE_SECONDS, hosts

__all__ = ["broadcast", "hosts", "mail_server", "pytestmark", "sellers"]


def test_every_seller_is_told_once(broadcast, hosts, rabbitmq: RabbitMQ, postgres: Postgres, capsys):
    hosts.start_worker("first")
    second = hosts.start_worker("second")
    hosts.start_beat()

    wait_until(lambda: told() > 0, seconds=90, what="the first sellers told")
    postgres.crash()
    time.sleep(OUTAGE_SECONDS)
    postgres.start()
    connection.close()
    when_crashed = told()
    wait_until(lambda: told() > when_crashed, seconds=120, what="more sellers told")
    hosts.kill(second)
    rabbitmq.kill()
    when_killed = told()
    time.sleep(OUTAGE_SECONDS)
    rabbitmq.start()
    hosts.start_worker("second")
    wait_until(lambda: Broadcast.objects.get().state == "sent", seconds=180, what="all sellers told")

    per_seller = Counter(Notification.objects.values_list("account_id", flat=True))
    with capsys.disabled():
        print(
            f"\nCluster drill: a broadcast to {SELLERS} sellers by two hosts; PostgreSQL killed at"
            f" {when_crashed} told, a host and RabbitMQ at {when_killed}."
        )
    assert when_crashed < when_killed < SELLERS, "The kills came too late to prove anything."
    assert len(per_seller) == SELLERS
    assert set(per_seller.values()) == {1}
    assert Broadcast.objects.get().done == SELLERS
