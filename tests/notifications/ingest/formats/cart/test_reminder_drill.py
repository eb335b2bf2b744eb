"""Workers that remind are killed between claim and tell, and run side by side: each order is told once."""

import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import SellerAccount, User
from notifications.ingest.formats.cart.reminders import remind_due
from notifications.models import CartOrder, Notification, Source
from tests.waiting import LIMIT_SECONDS, wait_until

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]

PROJECT = Path(__file__).resolve().parents[5]
SHOPS = 12
ORDERS = 15

WORKER = """
import sys, time
import django
django.setup()
from django.utils import timezone
from notifications.ingest.formats.cart import reminders
tell = reminders.notify
def told_slowly(*arguments, **more):
    result = tell(*arguments, **more)
    print("told, not committed", flush=True)
    time.sleep(float(sys.argv[1]))
    return result
reminders.notify = told_slowly
reminders.remind_due(timezone.now())
"""


def start_worker(*, pause: float) -> subprocess.Popen[str]:
    connection.ensure_connection()
    database = connection.connection.info
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, str(pause)],
        cwd=PROJECT,
        env=os.environ
        | {
            "SELLERHUB_DEVELOPMENT": "1",
            "DJANGO_SETTINGS_MODULE": "devtools.settings",
            "DATABASE_URL": f"postgresql://{database.user}@/{database.dbname}?host={database.host}",
        },
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def shops(cart: Source) -> None:
    """Many shops, each with shipments that lack their numbers."""
    shipped = timezone.now() - timedelta(hours=13)
    accounts = [SellerAccount.objects.create(name=f"Shop {number}") for number in range(SHOPS)]
    CartOrder.objects.bulk_create(
        CartOrder(
            account=account,
            source=cart,
            order_id=f"503-{account.pk}-{number}",
            status="shipped",
            carrier="ゆうパック",
            marketplace_carrier="日本郵便",
            shipped_at=shipped,
            remind_at=shipped + timedelta(hours=12),
        )
        for account in accounts
        for number in range(ORDERS)
    )


def told() -> Counter[str]:
    notices = Notification.objects.filter(type="technical_notice")
    return Counter(order["order_id"] for notice in notices for order in notice.data["orders"])


def test_a_worker_killed_before_its_commit_has_told_nothing(shops: None, hanako: User) -> None:
    worker = start_worker(pause=600)
    assert worker.stdout is not None
    assert worker.stdout.readline() == "told, not committed\n"
    worker.send_signal(signal.SIGKILL)
    worker.wait(LIMIT_SECONDS)
    worker.stdout.close()

    def remind_the_rest() -> bool:
        remind_due(timezone.now())
        return not CartOrder.objects.filter(reminded_at=None).exists()

    wait_until(remind_the_rest, "all reminded, once the server has seen that the worker is dead")

    assert told() == dict.fromkeys(CartOrder.objects.values_list("order_id", flat=True), 1)


def test_workers_side_by_side_share_the_shops(shops: None, hanako: User) -> None:
    workers = [start_worker(pause=0.05) for _number in range(3)]
    for worker in workers:
        worker.communicate(timeout=LIMIT_SECONDS)

    assert [worker.returncode for worker in workers] == [0, 0, 0]
    assert told() == dict.fromkeys(CartOrder.objects.values_list("order_id", flat=True), 1)
