"""Workers are killed again and again while a broadcast is sent: every seller has it once."""

import time
from collections import Counter

import pytest

from accounts.models import SellerAccount
from notifications.broadcasts import releasing, sending
from notifications.mending.recalling import Correction, recall_broadcast
from notifications.models import Broadcast, Delivery, Notification, Recall
from tests.conftest import make_user
from tests.drills.test_crash import Background, Valkey, background, mail_server, valkey, wait_until

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]
__all__ = ["background", "mail_server", "valkey"]

SELLERS = 12_000
KILLS = 3
REPEATS_AFTER = 2_000
"""Sellers told between one kill and the next, about."""


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
    releasing.release(written, by=omar, seen=written.changed_at)
    olivia = make_user("olivia@ok.test", "Olivia Berg", is_staff=True, is_superuser=True)
    releasing.confirm(written, by=olivia, seen=written.changed_at)
    return written


def told() -> int:
    return Notification.objects.count()


def test_kill_workers_while_they_send(broadcast, background: Background, valkey: Valkey, capsys):
    worker = background.start_worker()
    background.start_beat()
    killed_at = []
    for _kill in range(KILLS):
        goal = told() + REPEATS_AFTER if killed_at else 1
        wait_until(lambda goal=goal: told() >= min(goal, SELLERS), seconds=90, what=f"{goal} sellers told")
        background.kill(worker)
        time.sleep(0.3)  # its backend in the database ends, and what it had not committed is gone
        row = Broadcast.objects.get()
        killed_at.append(told())
        assert row.done == killed_at[-1]
        worker = background.start_worker()
    wait_until(lambda: Broadcast.objects.get().state == "sent", seconds=120, what="all sellers told")

    per_seller = Counter(Notification.objects.values_list("account_id", flat=True))
    with capsys.disabled():
        print(f"\nBroadcast drill: {SELLERS} sellers, workers killed when {killed_at} were told.")
    assert killed_at[0] < SELLERS, "The first kill came too late to prove anything."
    assert len(per_seller) == SELLERS
    assert set(per_seller.values()) == {1}
    assert Broadcast.objects.get().done == SELLERS


def test_kill_workers_while_they_take_back(broadcast, omar, background: Background, valkey: Valkey, capsys):
    while sending.step():
        pass
    recall_broadcast(broadcast, Correction(ja="誤報でした。", en="False alarm."), tells=False, by=omar)
    worker = background.start_worker()
    background.start_beat()
    killed_at = []
    for _kill in range(KILLS - 1):
        goal = (killed_at[-1] if killed_at else 0) + 1
        wait_until(lambda goal=goal: recalled() >= min(goal, SELLERS), seconds=90, what=f"{goal} taken back")
        background.kill(worker)
        time.sleep(0.3)
        killed_at.append(recalled())
        worker = background.start_worker()
    wait_until(lambda: Recall.objects.get().due_at is None, seconds=120, what="all taken back")

    with capsys.disabled():
        print(f"\nRecall drill: {SELLERS} notices, workers killed when {killed_at} were taken back.")
    assert recalled() == Recall.objects.get().recalled == SELLERS
    assert not Delivery.objects.filter(status="queued").exists()


def recalled() -> int:
    return Notification.objects.filter(recall__isnull=False).count()
