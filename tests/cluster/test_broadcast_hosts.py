"""A broadcast goes out by two hosts, while a host, RabbitMQ and PostgreSQL die: every seller has it once."""

import time
from collections import Counter

from django.db import connection

from accounts.models import SellerAccount
from devtools.scripts.servers import Postgres, RabbitMQ
from notifications.models import Broadcast, Notification
from tests.drills.test_broadcast import SELLERS, broadcast, held, pytestmark, sellers, told
from tests.drills.test_crash import gate, mail_server
from tests.waiting import wait_until

from .test_two_hosts import OUTAGE_SECONDS, hosts

__all__ = ["broadcast", "gate", "hosts", "mail_server", "pytestmark", "sellers"]

HELD_AT = [SELLERS // 3, SELLERS * 2 // 3]
"""Where the hosts are held up until PostgreSQL and then RabbitMQ and a host have died."""


def test_every_seller_is_told_once(broadcast, hosts, rabbitmq: RabbitMQ, postgres: Postgres, capsys):
    accounts = list(SellerAccount.objects.order_by("pk").values_list("pk", flat=True))
    first_held, then_held = (accounts[place] for place in HELD_AT)
    with held("accounts_selleraccount", first_held) as somebody_waits:
        hosts.start_worker("first")
        second = hosts.start_worker("second")
        hosts.start_beat()
        wait_until(somebody_waits, "the first sellers told", log=hosts.log)
        postgres.crash()
    time.sleep(OUTAGE_SECONDS)
    postgres.start()
    connection.close()
    when_crashed = told()
    with held("accounts_selleraccount", then_held):
        wait_until(lambda: told() > when_crashed, "more sellers told", log=hosts.log)
        hosts.kill(second)
        rabbitmq.kill()
        when_killed = told()
    time.sleep(OUTAGE_SECONDS)
    rabbitmq.start()
    hosts.start_worker("second")
    wait_until(lambda: Broadcast.objects.get().state == "sent", "all sellers told", seconds=300, log=hosts.log)

    per_seller = Counter(Notification.objects.values_list("account_id", flat=True))
    with capsys.disabled():
        print(
            f"\nCluster drill: a broadcast to {SELLERS} sellers by two hosts; PostgreSQL killed at"
            f" {when_crashed} told, a host and RabbitMQ at {when_killed}."
        )
    assert 0 < when_crashed < when_killed < SELLERS, "The kills came too late to prove anything."
    assert len(per_seller) == SELLERS
    assert set(per_seller.values()) == {1}
    assert Broadcast.objects.get().done == SELLERS
