import itertools
import socket
import sys
import threading
from datetime import datetime, timedelta
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.utils import timezone

from notifications import delivery
from notifications.channels import internal_reasons
from notifications.channels.email.smtp.sender import SmtpSender
from notifications.delivery import batch_tracker, claims
from notifications.delivery.retry_policy import RETRIES
from notifications.models import Address, Attempt, Delivery
from notifications.types.enums import AddressState, DeliveryStatus, Priority
from notifications.types.payloads.samples import SAMPLES
from tests.notifications.channels.email.wire import Peer, TestServer, by_recipient, running
from tests.waiting import LIMIT_SECONDS

pytestmark = pytest.mark.django_db


def run(**options: object) -> bool:
    return delivery.run(**{"max_seconds": LIMIT_SECONDS} | options)


def state(row: Delivery) -> tuple[str, int, str, UUID | None]:
    row.refresh_from_db()
    return row.status, row.tries, row.answer, row.lease


def due_in(row: Delivery) -> timedelta:
    row.refresh_from_db()
    return row.due_at - timezone.now()


def is_due_again(row: Delivery, wait: timedelta, *, since: datetime) -> bool:
    """Whether it waits so long, ten per cent more or less, from some moment between `since` and now."""
    row.refresh_from_db()
    return since + wait * 0.9 <= row.due_at <= timezone.now() + wait * 1.1


def test_each_delivery_is_settled_by_its_own_answer(queue, mail_server):
    rows = {
        name: queue(f"{name}@ok.test") for name in ("hanako", "unknown", "busy", "refuse", "later", "nodata", "taro")
    }

    over = run()

    assert over is False
    assert {name: state(row) for name, row in rows.items()} == {
        "hanako": ("sent", 0, "2.0.0 taken", None),
        "taro": ("sent", 0, "2.0.0 taken", None),
        "unknown": ("failed", 1, "5.1.1 There is nobody 5.1.1 of that name", None),
        "refuse": ("failed", 1, "5.6.0 not this mail", None),
        "nodata": ("failed", 1, "5.7.1 no data from you", None),
        "busy": ("queued", 1, "4.2.1 try later", None),
        "later": ("queued", 1, "4.3.1 no room just now", None),
    }
    assert {name for name, row in rows.items() if row.completed_at is None} == {"busy", "later"}
    assert sorted(Attempt.objects.values_list("delivery__recipient", "permanent", "code")) == [
        ("busy@ok.test", False, 451),
        ("later@ok.test", False, 452),
        ("nodata@ok.test", True, 554),
        ("refuse@ok.test", True, 554),
        ("unknown@ok.test", True, 550),
    ]
    assert sorted(mail_server.recipients) == ["hanako@ok.test", "taro@ok.test"]


def test_the_mail_is_written_in_the_delivery_s_language(queue, mail_server):
    queue("hanako@ok.test", language="ja")
    queue("mika@ok.test", language="en")

    run()

    languages = {recipient: mail.partition(b"Content-Language: ")[2][:2] for recipient, mail in mail_server.mails}
    assert languages == {"hanako@ok.test": b"ja", "mika@ok.test": b"en"}


@pytest.mark.parametrize("tries", range(len(RETRIES)))
def test_a_temporary_failure_is_retried_by_the_timetable(queue, mail_server, tries):
    row = queue("busy@ok.test", tries=tries)
    began = timezone.now()

    run()

    assert state(row)[:2] == ("queued", tries + 1)
    assert is_due_again(row, RETRIES[tries], since=began)


def test_after_the_last_retry_it_has_failed(queue, mail_server):
    row = queue("busy@ok.test", tries=len(RETRIES))

    run()

    assert state(row)[:2] == ("failed", len(RETRIES) + 1)
    assert Attempt.objects.get().permanent is False


def test_a_retry_carries_the_same_message_id(queue, use_server):
    refuse_once = {"hanako@ok.test"}

    def script(server: TestServer, peer: Peer, number: int) -> None:
        peer.greet("PIPELINING")
        while True:
            recipient = peer.hear_envelope()
            peer.say("250 ok", "250 ok", "354 go on")
            server.mails.append((recipient, peer.hear_mail()))
            if recipient in refuse_once:
                refuse_once.remove(recipient)
                peer.say("451 later")
            else:
                peer.say("250 ok")

    with running(script) as server:
        use_server(server.port)
        row = queue("hanako@ok.test")
        run()
        Delivery.objects.update(due_at=timezone.now() - timedelta(seconds=1))
        run()

    message_ids = [mail.partition(b"Message-ID: ")[2].partition(b"\r\n")[0] for _, mail in server.mails]
    assert message_ids == [f"<{row.pk}@sellers.test>".encode()] * 2
    assert state(row)[0] == "sent"


def test_nothing_is_sent_before_it_is_due(queue, mail_server):
    row = queue("hanako@ok.test", due_at=timezone.now() + timedelta(minutes=1))

    run()

    assert state(row)[0] == "queued"
    assert mail_server.mails == []


def test_the_urgent_leave_first(queue, mail_server, settings):
    settings.DELIVERY_BATCH = 1
    for name, priority in (("bulk", Priority.BULK), ("normal", Priority.NORMAL), ("urgent", Priority.URGENT)):
        queue(f"{name}@ok.test", priority=priority)

    run()

    assert mail_server.recipients == ["urgent@ok.test", "normal@ok.test", "bulk@ok.test"]


def test_an_address_removed_meanwhile_is_not_written_to(queue, mail_server):
    row = queue("hanako@ok.test")
    Address.objects.all().delete()

    run()

    assert state(row) == ("failed", 1, internal_reasons.ADDRESS_REMOVED, None)
    assert mail_server.mails == []


@pytest.mark.parametrize("address_state", [AddressState.FAILING, AddressState.REFUSED])
def test_for_an_address_that_failed_meanwhile_it_is_held(queue, mail_server, address_state):
    row = queue("hanako@ok.test", state=address_state)
    Address.objects.update(failure="mailbox_full")

    run()

    row.refresh_from_db()
    assert (row.status, row.cause, row.tries) == ("held", "mailbox_full", 0)
    assert mail_server.mails == []


def test_an_address_that_nobody_confirmed_is_not_written_to(queue, mail_server):
    row = queue("hanako@ok.test", state=AddressState.UNCONFIRMED)

    run()

    assert state(row) == ("failed", 1, internal_reasons.ADDRESS_NOT_ACTIVE, None)
    assert mail_server.mails == []


def test_an_address_that_cannot_be_written_fails_alone(queue, mail_server):
    broken = queue("hanako@-.test")
    good = queue("taro@ok.test")

    run()

    assert state(broken)[0] == "failed"
    assert state(good)[0] == "sent"


def test_a_message_that_cannot_be_written_does_not_sink_the_batch(queue, mail_server, notification):
    broken = queue("hanako@ok.test")
    notification.data = {"nonsense": True}
    notification.save()
    notification.pk, notification.event_id, notification.data = uuid4(), "2", {}
    notification.data = SAMPLES["order_confirmed"]
    notification.save(force_insert=True)
    good = queue("taro@ok.test")

    run()

    assert state(broken)[:3] == ("queued", 1, internal_reasons.NOT_WRITTEN)
    assert state(good)[0] == "sent"
    assert Attempt.objects.get().detail == internal_reasons.NOT_WRITTEN


def test_nobody_listening_burns_no_try_and_blames_nobody(queue, use_server, monkeypatch):
    tried = []
    open_one = SmtpSender._open
    monkeypatch.setattr(SmtpSender, "_open", lambda sender: tried.append(1) or open_one(sender))
    rows = [queue(f"{n}@ok.test", created_at=timezone.now() - timedelta(minutes=10)) for n in range(20)]
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        use_server(unused.getsockname()[1])

        began = timezone.now()
        over = run()

    assert over is False
    assert len(tried) <= 3  # one for each connection, and none for a mail
    assert [state(row)[:2] for row in rows] == [("queued", 0)] * 20
    assert [row.lease for row in rows] == [None] * 20
    assert all(is_due_again(row, timedelta(minutes=10) / 4, since=began) for row in rows)
    assert not Attempt.objects.exists()
    assert {row.answer for row in rows} - {""} == {"No connection to the mail server: ECONNREFUSED."}


def test_a_server_that_wants_nothing_from_us_is_asked_a_few_times_only(queue, use_server):
    def script(server: TestServer, peer: Peer, number: int) -> None:
        peer.greet("PIPELINING")
        while True:
            server.commands.append(peer.hear_envelope())
            peer.say("530 5.7.0 sign in first", "503 no", "503 no")

    rows = [queue(f"{n}@ok.test") for n in range(100)]
    with running(script) as server:
        use_server(server.port)
        run()

    assert {state(row)[0] for row in rows} == {"queued"}
    assert not Attempt.objects.exists()
    assert len(server.commands) <= 10


def test_a_full_batch_calls_a_helper(queue, mail_server, settings):
    settings.DELIVERY_BATCH = 2
    for n in range(5):
        queue(f"{n}@ok.test")
    calls = []

    run(call_helper=lambda: calls.append(1))

    assert calls == [1, 1]
    assert len(mail_server.mails) == 5


def test_when_the_time_is_over_the_rest_is_due_at_once(queue, use_server, monkeypatch):
    def script(server: TestServer, peer: Peer, number: int) -> None:
        peer.greet("PIPELINING")
        while True:
            recipient = peer.hear_envelope()
            peer.say("250 ok", "250 ok", "354 go on")
            server.mails.append((recipient, peer.hear_mail()))
            if len(server.mails) == 5:
                is_over.set()
            peer.say("250 ok")

    is_over = threading.Event()
    clock = SimpleNamespace(monotonic=lambda: 100.0 if is_over.is_set() else 0.0)
    monkeypatch.setattr(sys.modules["notifications.delivery.worker"], "time", clock)
    rows = [queue(f"{n}@ok.test") for n in range(60)]
    with running(script) as server:
        use_server(server.port)
        over = run(max_seconds=50)

    assert over is True
    sent = [row for row in rows if state(row)[0] == "sent"]
    assert 5 <= len(sent) == len(server.mails) < 60
    assert all(row.lease is None and due_in(row) <= timedelta() for row in rows if row not in sent)


def test_no_more_than_25_mails_are_ever_in_doubt(queue, use_server, monkeypatch):
    received: list[str] = []
    most = 0
    orderly = by_recipient()

    class Watched(list):
        def append(self, mail):
            received.append(mail[0])
            super().append(mail)

    def script(server: TestServer, peer: Peer, number: int) -> None:
        server.mails = Watched(server.mails)
        orderly(server, peer, number)

    recorded = 0

    class WatchedRecording(batch_tracker.Recording):
        def __init__(self, lease, settlements):
            super().__init__(lease, settlements)
            self.count = len(settlements)

        def wait(self):
            nonlocal recorded, most
            most = max(most, len(received) - recorded)
            super().wait()
            recorded += self.count
            self.count = 0

    monkeypatch.setattr(batch_tracker, "Recording", WatchedRecording)
    for n in range(300):
        queue(f"{n}@ok.test")

    with running(script) as server:
        use_server(server.port)
        run()

    assert recorded == 300
    assert 1 < most <= 25


def test_slow_mail_does_not_keep_the_others_unrecorded(queue, mail_server, monkeypatch):
    class WatchedRecording(batch_tracker.Recording):
        def wait(self):
            super().wait()
            if not Delivery.objects.filter(status="queued").exclude(pk=slow.pk).exists():
                mail_server.may_go_on.set()

    monkeypatch.setattr(batch_tracker, "Recording", WatchedRecording)
    slow = queue("slow@ok.test", priority=Priority.URGENT)
    quick = [queue(f"{n}@ok.test") for n in range(5)]

    run()

    settled = [state(row) and row.completed_at for row in quick]
    state(slow)
    assert max(settled) < slow.completed_at


def test_a_claimed_row_is_nobody_else_s_until_its_lease_ends(queue):
    row = queue("hanako@ok.test")

    mine = claims.claim(10, length=timedelta(seconds=30))
    others = claims.claim(10, length=timedelta(seconds=30))
    Delivery.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    after = claims.claim(10, length=timedelta(seconds=30))

    assert [claimed.id for claimed in mine.deliveries] == [row.pk]
    assert others.deliveries == []
    assert [claimed.id for claimed in after.deliveries] == [row.pk]
    assert mine.lease != after.lease


def test_a_long_batch_keeps_its_lease(queue, use_server, settings, monkeypatch):
    """The ledger's clock moves on by a tenth of the lease with each look at it."""
    settings.DELIVERY_LEASE_SECONDS = 600
    looks = itertools.count()
    renewed: list[tuple[int, timedelta]] = []
    was_renewed_often = threading.Event()
    renew = claims.renew

    def watched(*args, **options):
        before = due_in(row)
        renew(*args, **options)
        renewed.append((next(looks), due_in(row) - before))
        if len(renewed) == 4:
            was_renewed_often.set()

    def script(server: TestServer, peer: Peer, number: int) -> None:
        peer.greet("PIPELINING")
        while True:
            peer.hear_envelope()
            peer.say("250 ok", "250 ok", "354 go on")
            peer.hear_mail()
            was_renewed_often.wait(LIMIT_SECONDS)
            peer.say("250 ok")

    monkeypatch.setattr(claims, "renew", watched)
    monkeypatch.setattr(batch_tracker, "time", SimpleNamespace(monotonic=lambda: next(looks) * 60.0))
    row = queue("hanako@ok.test")
    with running(script) as server:
        use_server(server.port)
        run()

    assert state(row)[0] == "sent"
    moments = [0, *(look for look, _ in renewed)]
    assert all(later - earlier < 10 for earlier, later in itertools.pairwise(moments))
    assert all(gained > timedelta() for _, gained in renewed)
    assert len(renewed) >= 4


def test_who_lost_the_lease_undoes_nothing(queue, mail_server, monkeypatch):
    """The first worker is told of a temporary failure while a second one has the row already, or has sent it."""
    row = queue("busy@ok.test")
    newer = uuid4()

    def taken_over(*args):
        Delivery.objects.filter(pk=row.pk).update(lease=newer)
        return recording(*args)

    recording = batch_tracker.Recording
    monkeypatch.setattr(batch_tracker, "Recording", taken_over)

    run()

    assert state(row) == ("queued", 0, "", newer)
    assert not Attempt.objects.exists()


def test_what_was_sent_is_sent_whoever_has_the_lease(queue, mail_server, monkeypatch):
    row = queue("hanako@ok.test")
    recording = batch_tracker.Recording

    def taken_over(*args):
        Delivery.objects.filter(pk=row.pk).update(lease=uuid4())
        return recording(*args)

    monkeypatch.setattr(batch_tracker, "Recording", taken_over)

    run()

    assert state(row)[0] == "sent"


@pytest.mark.django_db(transaction=True)
def test_workers_share_the_rows_without_sending_twice(queue, mail_server, settings):
    settings.DELIVERY_BATCH = 7
    for n in range(60):
        queue(f"{n}@ok.test")

    def work() -> None:
        for _ in range(6):
            batch = claims.claim(7, length=timedelta(seconds=60))
            taken.extend(claimed.id for claimed in batch.deliveries)
        connection.close()

    taken: list[UUID] = []
    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(LIMIT_SECONDS)

    assert len(taken) == len(set(taken)) == 60


def test_an_exception_in_the_middle_records_what_is_known(queue, mail_server, monkeypatch):
    rows = [queue(f"{n}@ok.test") for n in range(40)]

    class StoppedError(Exception):
        pass

    real = batch_tracker.BatchTracker.record
    seen = 0

    def record(self, outcomes):
        nonlocal seen
        real(self, outcomes)
        seen += len(outcomes)
        if seen > 20:
            raise StoppedError

    monkeypatch.setattr(batch_tracker.BatchTracker, "record", record)

    with pytest.raises(StoppedError):
        run()

    for row in rows:
        row.refresh_from_db()
    sent = sum(row.status == DeliveryStatus.SENT for row in rows)
    leased = sum(row.lease is not None for row in rows)
    assert sent >= 21
    assert sent + leased + sum(row.lease is None and row.status == "queued" for row in rows) == 40
    assert leased <= 25
