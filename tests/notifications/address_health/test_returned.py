"""Mail that came back: kept once, read once, told to the delivery that its return path names."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from notifications import address_health, delivery, tasks
from notifications.address_health.events import returned_mail
from notifications.address_health.repair import test_messages
from notifications.channels.email.bounces import Bounce
from notifications.channels.email.return_path import AttemptRef
from notifications.channels.registry import return_path
from notifications.models import Address, Delivery, MailReport, Notification, ReturnedMail, Unsubscription
from notifications.recipients import email_addresses
from notifications.types.enums import AddressState, BounceKind, BounceReason
from tests.returned_mail import dsn
from tests.waiting import LIMIT_SECONDS

pytestmark = pytest.mark.django_db(transaction=True)


def bounce(kind: BounceKind = BounceKind.BOUNCE, **more) -> Bounce:
    facts = {"recipient": "hanako@ok.test", "status": "5.1.1", "permanent": True, "text": "550 5.1.1 gone"}
    return Bounce(**facts | {"kind": kind, "reason": BounceReason.UNKNOWN_USER} | more)


@pytest.fixture
def sent(queue, mail_server) -> Delivery:
    """A delivery that a mail server took."""
    row = queue("hanako@ok.test")
    delivery.run(max_seconds=LIMIT_SECONDS, after_batch=address_health.assess_due)
    row.refresh_from_db()
    return row


def left(row: Delivery) -> AttemptRef:
    return AttemptRef(row.pk, row.completed_at)


def outcome() -> tuple[str, bool]:
    row = ReturnedMail.objects.get()
    return row.outcome, row.due_at is None


def reports() -> list[tuple]:
    return list(MailReport.objects.order_by("kind").values_list("kind", "reason", "permanent"))


def make_due() -> None:
    ReturnedMail.objects.exclude(due_at=None).update(due_at=timezone.now())


def test_a_bounce_stops_the_address(sent):
    address_health.store_returned(left(sent), dsn())

    tasks.read_returned_mail()

    report = MailReport.objects.get()
    assert (report.way, report.kind, report.reason, report.permanent) == (
        "mailbox",
        "bounce",
        "unknown_user",
        True,
    )
    assert (report.delivery_id, report.address_id, report.sent_at) == (sent.pk, sent.address_id, sent.completed_at)
    assert (report.recipient, report.status, report.code) == ("hanako@ok.test", "5.1.1", 550)
    assert (report.text, report.is_judged) == ("550 5.1.1 No such user", True)
    assert outcome() == ("bounce", True)
    assert Address.objects.get().state == AddressState.FAILING
    assert Delivery.objects.get().status == "held"


def test_the_return_path_says_whose_it_is_not_the_address_that_is_quoted(sent, shop):
    quoted = Address.objects.create(account=shop, email="taro@elsewhere.test", state=AddressState.ACTIVE)
    address_health.store_returned(left(sent), dsn(b"taro@elsewhere.test"))

    address_health.read_due()

    report = MailReport.objects.get()
    assert (report.address_id, report.recipient) == (sent.address_id, "taro@elsewhere.test")
    quoted.refresh_from_db()
    assert quoted.state == AddressState.ACTIVE


def test_the_same_mail_twice_is_one(sent):
    for _ in range(2):
        assert address_health.store_returned(left(sent), dsn()) is True

    assert ReturnedMail.objects.count() == 1


def test_read_twice_it_changes_nothing(sent):
    address_health.store_returned(left(sent), dsn())
    address_health.read_due()
    before = [list(model.objects.values()) for model in (MailReport, Address, Delivery)]
    ReturnedMail.objects.update(due_at=timezone.now(), outcome="")

    address_health.read_due()

    assert [list(model.objects.values()) for model in (MailReport, Address, Delivery)] == before
    assert outcome() == ("bounce", True)


def test_a_delay_stops_nothing(sent):
    address_health.store_returned(left(sent), dsn(action=b"delayed", status=b"4.2.2", said=b"452 4.2.2 over quota"))

    address_health.read_due()

    assert [(kind, permanent) for kind, _, permanent in reports()] == [("delayed", False)]
    assert Address.objects.get().state == AddressState.ACTIVE
    assert Delivery.objects.get().status == "sent"


def test_only_a_bounce_is_ever_permanent(sent, monkeypatch):
    said = [bounce(kind) for kind in BounceKind]
    monkeypatch.setattr(returned_mail, "parse", lambda raw: said)
    address_health.store_returned(left(sent), b"mail")

    address_health.read_due()

    assert {kind for kind, _, permanent in reports() if permanent} == {"bounce"}
    assert len(reports()) == len(BounceKind)


def test_of_several_news_of_a_kind_the_permanent_one_counts(sent, monkeypatch):
    said = [
        bounce(permanent=False, reason=BounceReason.MAILBOX_FULL),
        bounce(reason=BounceReason.SUSPENDED),
        bounce(BounceKind.DELAYED),
        bounce(BounceKind.DELAYED, reason=BounceReason.EXPIRED),
    ]
    monkeypatch.setattr(returned_mail, "parse", lambda raw: said)
    address_health.store_returned(left(sent), b"mail")

    address_health.read_due()

    assert reports() == [("bounce", "suspended", True), ("delayed", "unknown_user", False)]
    assert outcome() == ("bounce, delayed", True)


def test_what_nobody_understands_is_kept_unread(sent):
    address_health.store_returned(left(sent), b"Subject: Hello\r\n\r\nLunch?\r\n")

    address_health.read_due()

    assert outcome() == ("unread", True)
    assert bytes(ReturnedMail.objects.get().raw) == b"Subject: Hello\r\n\r\nLunch?\r\n"
    assert reports() == []


def test_a_delivery_that_is_gone(sent):
    address_health.store_returned(AttemptRef(uuid4(), timezone.now()), dsn())

    address_health.read_due()

    assert outcome() == ("unknown delivery", True)
    assert reports() == []


def test_a_mail_that_cannot_be_read_stops_no_other_and_is_given_up(sent, monkeypatch, caplog):
    def fail(raw: bytes) -> list[Bounce]:
        if raw == b"odd":
            raise RuntimeError("hanako@ok.test")
        return [bounce()]

    monkeypatch.setattr(returned_mail, "parse", fail)
    address_health.store_returned(left(sent), b"odd")
    address_health.store_returned(left(sent), b"even")

    for _ in range(7):
        address_health.read_due()
        make_due()

    rows = list(ReturnedMail.objects.order_by("pk").values_list("outcome", "tries", "due_at"))
    assert rows == [("error", 5, None), ("bounce", 1, None)]
    assert bytes(ReturnedMail.objects.get(outcome="error").raw) == b"odd"
    assert "RuntimeError" in caplog.text
    assert "hanako" not in caplog.text


def test_a_worker_killed_in_between_leaves_the_mail_to_the_next(sent, monkeypatch):
    def die(raw: bytes) -> list[Bounce]:
        raise KeyboardInterrupt

    address_health.store_returned(left(sent), dsn())
    with monkeypatch.context() as broken:
        broken.setattr(returned_mail, "parse", die)
        with pytest.raises(KeyboardInterrupt):
            address_health.read_due()
    address_health.read_due()
    at_once = outcome()
    make_due()
    address_health.read_due()

    assert (at_once, outcome()) == (("", False), ("bounce", True))


def test_a_mail_that_kills_every_worker_is_given_up(sent):
    address_health.store_returned(left(sent), dsn())
    ReturnedMail.objects.update(tries=5)

    address_health.read_due()

    assert outcome() == ("error", True)
    assert reports() == []


def test_when_the_time_is_over_the_rest_waits_untried(sent):
    for number in range(3):
        address_health.store_returned(left(sent), dsn() + b"%d" % number)

    may_be_more = address_health.read_due(max_seconds=0)

    assert may_be_more is True
    assert sorted(ReturnedMail.objects.values_list("tries", "outcome")) == [(0, ""), (0, ""), (1, "bounce")]


def test_what_the_database_does_not_take_is_left_out(sent, monkeypatch):
    odd = bounce(recipient="\0" + "x" * 300, status="5" * 20, text="half \ud800 nul \0" + "x" * 600)
    monkeypatch.setattr(returned_mail, "parse", lambda raw: [odd])
    address_health.store_returned(left(sent), b"mail")

    address_health.read_due()

    report = MailReport.objects.get()
    assert (report.recipient, report.status) == ("x" * 254, "5" * 12)
    assert report.text.startswith("half ? nul x")


def test_a_late_bounce_is_about_the_address_that_the_mail_went_to(sent, hanako):
    address_health.store_returned(left(sent), dsn())
    address_health.read_due()
    old = Address.objects.get()
    known = Address.objects.create(
        account=old.account,
        email="new@ok.test",
        state=AddressState.ACTIVE,
        trusted_since=sent.completed_at - timedelta(days=9),
    )
    address_health.replace_everywhere(old, "new@ok.test", by=hanako)
    assert Delivery.objects.get().address == known

    address_health.store_returned(left(sent), dsn() + b"again")
    address_health.read_due()

    known.refresh_from_db()
    assert known.state == AddressState.ACTIVE
    assert set(MailReport.objects.values_list("address_id", flat=True)) == {old.pk}


def test_a_huge_mail_is_cut_for_storing(sent):
    address_health.store_returned(left(sent), b"x" * (returned_mail.STORED_BYTES + 1))

    assert len(ReturnedMail.objects.get().raw) == returned_mail.STORED_BYTES


def test_who_knows_one_return_path_cannot_fill_the_disk(sent):
    answers = [address_health.store_returned(left(sent), b"%d" % number) for number in range(25)]

    assert answers == [True] * 20 + [False] * 5
    assert address_health.store_returned(left(sent), b"0") is True
    assert ReturnedMail.objects.count() == 20


def test_old_mail_goes_and_what_was_learnt_stays(sent):
    address_health.store_returned(left(sent), dsn())
    address_health.store_returned(left(sent), dsn() + b"young")
    address_health.read_due()
    ReturnedMail.objects.filter(pk=ReturnedMail.objects.first().pk).update(
        received_at=timezone.now() - timedelta(days=31)
    )

    tasks.purge_returned_mail()

    assert ReturnedMail.objects.count() == 1
    assert MailReport.objects.count() == 2


STOP = b"From: hanako@ok.test\r\nSubject: Unsubscribe\r\n\r\n\r\n"


def test_whoever_writes_unsubscribe_to_the_return_path_gets_that_notification_no_more(sent):
    address_health.store_returned(left(sent), STOP)

    tasks.read_returned_mail()

    stopped = Unsubscription.objects.get()
    assert (stopped.address_id, stopped.type) == (sent.address_id, "order_confirmed")
    assert outcome() == ("unsubscribed", True)
    assert Address.objects.get().state == AddressState.ACTIVE


@pytest.mark.parametrize(
    "mail",
    [
        STOP.replace(b"Subject: Unsubscribe", b"Subject: Re: unsubscribe"),
        b"Auto-Submitted: auto-replied\r\n" + STOP,
    ],
)
def test_an_answer_by_a_machine_stops_nothing(sent, mail):
    address_health.store_returned(left(sent), mail)

    tasks.read_returned_mail()

    assert not Unsubscription.objects.exists()


def test_what_is_required_cannot_be_stopped_by_mail(sent):
    Notification.objects.update(type="account_at_risk")
    address_health.store_returned(left(sent), STOP)

    tasks.read_returned_mail()

    assert not Unsubscription.objects.exists()
    assert outcome() == ("unread", True)


@pytest.fixture
def waiting(shop, hanako, settings) -> Address:
    """An address whose confirmation mail was taken."""
    settings.BOUNCE_DOMAIN = "bounce.hub.test"
    settings.ADDRESS_CONFIRMATION = "require"
    address = email_addresses.add(shop, "gone@ok.test", by=hanako)
    email_addresses.send_due_confirmations()
    return address


def test_a_confirmation_mail_that_comes_back_says_so_at_its_address(client, shop, hanako, waiting):
    [letter] = mail.outbox
    address_health.store_returned(return_path().read(letter.from_email), dsn(b"gone@ok.test"))

    tasks.read_returned_mail()

    waiting.refresh_from_db()
    assert letter.extra_headers["From"].endswith("<no-reply@127.0.0.1>")
    assert (waiting.state, waiting.confirmation_answer) == (AddressState.UNCONFIRMED, "550 5.1.1 No such user")
    client.force_login(hanako)
    page = client.get(reverse("notifications:addresses", args=[shop.public_id])).content.decode()
    assert "550 5.1.1 No such user" in page


def test_whoever_confirms_afterwards_is_not_stopped_by_it(waiting):
    [letter] = mail.outbox
    address_health.store_returned(return_path().read(letter.from_email), dsn(b"gone@ok.test"))
    tasks.read_returned_mail()

    email_addresses.confirm(waiting)
    address_health.look_again(waiting.pk)

    waiting.refresh_from_db()
    assert waiting.state == AddressState.ACTIVE


def test_a_test_mail_that_comes_back_stops_its_address(waiting):
    email_addresses.confirm(waiting)
    test_messages.enqueue_test(waiting, by=waiting.added_by)
    test_messages.send_due_tests()

    address_health.store_returned(return_path().read(mail.outbox[-1].from_email), dsn(b"gone@ok.test"))
    tasks.read_returned_mail()

    waiting.refresh_from_db()
    assert (waiting.state, waiting.failure) == (AddressState.FAILING, "unknown_user")


@pytest.mark.parametrize(
    ("head", "asks"),
    [
        (b"Subject: unsubscribe", True),
        (b"Subject:  UNSUBSCRIBE ", True),
        (b"Subject: unsubscribe\r\nAuto-Submitted: no", True),
        (b"Subject: unsubscribe\r\nAuto-Submitted: auto-replied", False),
        (b"Subject: unsubscribe\r\nAuto-Submitted: auto-generated", False),
        (b"Subject: Re: unsubscribe", False),
        (b"From: hanako@ok.test", False),
    ],
)
def test_only_a_person_who_says_so_asks_to_stop(head, asks):
    assert returned_mail.asks_to_stop(head + b"\r\n\r\nunsubscribe\r\n") is asks
