"""Workers are killed again and again while a broadcast is sent: every seller has it once."""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator

import psycopg
import pytest
from django.db import connection

from accounts.models import SellerAccount
from notifications.models import Broadcast, Delivery, Notification, Recall
from notifications.operations.broadcasts import chunks as sending
from notifications.operations.broadcasts import transitions
from notifications.operations.redelivery.recalls import STEP, Correction, recall_broadcast
from tests.conftest import make_user
from tests.drills.test_crash import Background, Valkey, background, gate, is_alone, mail_server, valkey
from tests.waiting import wait_until

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]
__all__ = ["background", "gate", "mail_server", "valkey"]

SELLERS = 12 * sending.CHUNK
HELD_AT = [0.5, 3.5, 5.5]
"""In the middle of which chunks a worker is held up and killed; the last kill comes when nothing holds it."""


@pytest.fixture
def sellers(db: None) -> int:
    SellerAccount.objects.bulk_create(
        (SellerAccount(name=f"Shop {number}", language="en") for number in range(SELLERS)), batch_size=2_000
    )
    return SELLERS


@pytest.fixture
def broadcast(sellers, omar) -> Broadcast:
    written = Broadcast.objects.create(
        type="emergency_notice",
        title_ja="地震のお知らせ",
        title_en="Earthquake",
        body_ja="出荷が遅れています。",
        body_en="Shipments are late.",
        region_ja="関東地方",
        region_en="Kanto",
        created_by=omar,
    )
    transitions.release(written, by=omar, seen=written.changed_at)
    olivia = make_user("olivia@ok.test", "Olivia Berg", is_staff=True, is_superuser=True)
    transitions.confirm(written, by=olivia, seen=written.changed_at)
    return written


def told() -> int:
    return Notification.objects.count()


@contextlib.contextmanager
def held(table: str, key: object) -> Iterator[Callable[[], bool]]:
    """Nobody gets past this row meanwhile; yields a function that says whether somebody waits for it."""
    connection.ensure_connection()
    holder = psycopg.connect(connection.connection.info.dsn)
    pid = holder.info.backend_pid
    try:
        holder.execute(f"SELECT FROM {table} WHERE id = %s FOR UPDATE", [key])

        def somebody_waits() -> bool:
            with connection.cursor() as cursor:
                cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE %s = ANY(pg_blocking_pids(pid)))", [pid])
                return bool(cursor.fetchone()[0])

        yield somebody_waits
    finally:
        holder.close()


def end_waiting_backends() -> None:
    """As when the database notices at once that a host is dead; else it finishes the statement first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            " AND wait_event_type = 'Lock'"
        )


def test_kill_workers_while_they_send(broadcast, background: Background, valkey: Valkey, capsys):
    accounts = list(SellerAccount.objects.order_by("pk").values_list("pk", flat=True))
    background.start_beat()
    killed_at = []
    for number, chunks in enumerate(HELD_AT):
        with held("accounts_selleraccount", accounts[int(chunks * sending.CHUNK)]) as somebody_waits:
            worker = background.start_lone_worker()
            wait_until(somebody_waits, f"a worker in chunk {chunks}", log=background.log)
            background.kill(worker)
            if number % 2 == 0:
                end_waiting_backends()
        wait_until(is_alone, "nobody else in the database", log=background.log)
        killed_at.append(told())
        assert Broadcast.objects.get().done == killed_at[-1]
    worker = background.start_lone_worker()
    wait_until(lambda: told() > killed_at[-1], "more sellers told", log=background.log)
    background.kill_and_forget(worker)
    killed_at.append(told())
    assert Broadcast.objects.get().done == killed_at[-1]
    background.start_lone_worker()
    wait_until(lambda: Broadcast.objects.get().state == "sent", "all sellers told", log=background.log)

    per_seller = Counter(Notification.objects.values_list("account_id", flat=True))
    with capsys.disabled():
        print(f"\nBroadcast drill: {SELLERS} sellers, workers killed when {killed_at} were told.")
    assert killed_at[: len(HELD_AT)] == [0, 4 * sending.CHUNK, 5 * sending.CHUNK]
    assert len(per_seller) == SELLERS
    assert set(per_seller.values()) == {1}
    assert Broadcast.objects.get().done == SELLERS


def test_kill_workers_while_they_take_back(broadcast, omar, background: Background, valkey: Valkey, capsys):
    while sending.step():
        pass
    recall_broadcast(broadcast, Correction(ja="誤報でした。", en="False alarm."), tells=False, by=omar)
    notices = list(Notification.objects.order_by("pk").values_list("pk", flat=True))
    background.start_beat()
    killed_at = []
    for steps in (0.5, 2.5):
        with held("notifications_notification", notices[int(steps * STEP)]) as somebody_waits:
            worker = background.start_lone_worker()
            wait_until(somebody_waits, f"a worker in step {steps}", log=background.log)
            background.kill(worker)
            end_waiting_backends()
        wait_until(is_alone, "nobody else in the database", log=background.log)
        killed_at.append(recalled())
        assert Recall.objects.get().recalled == killed_at[-1]
    background.start_lone_worker()
    wait_until(lambda: Recall.objects.get().due_at is None, "all taken back", log=background.log)

    with capsys.disabled():
        print(f"\nRecall drill: {SELLERS} notices, workers killed when {killed_at} were taken back.")
    assert killed_at == [0, 2 * STEP]
    assert recalled() == Recall.objects.get().recalled == SELLERS
    assert not Delivery.objects.filter(status="queued").exists()


def recalled() -> int:
    return Notification.objects.filter(recall__isnull=False).count()
