"""What has served its time goes; everything else stays as it was."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from accounts.models import SellerAccount, User
from notifications.ingest import pipeline
from notifications.models import (
    Attempt,
    CartOrder,
    Delivery,
    FailureNotice,
    LineEvent,
    LineLink,
    LineUser,
    MailReport,
    Notification,
    ReadMark,
    Replay,
    SkippedRoute,
    Source,
    SourceMessage,
)
from notifications.operations import retention
from notifications.types.payloads.samples import SAMPLES
from notifications.web.read_state import first_id
from tests.waiting import LIMIT_SECONDS, ONE_FIXTURE_FOR_ALL_EXAMPLES

pytestmark = pytest.mark.django_db

NOW = datetime.fromisoformat("2026-11-25T03:30:00+09:00")
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def at_night(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def source(db: None) -> Source:
    return Source.objects.create(name="orders")


@pytest.fixture
def tell(shop: SellerAccount, source: Source) -> Callable[..., Notification]:
    """A notification of an age, with all that can hang on one."""
    numbers = itertools.count(1)

    def tell(age: timedelta, *, status: str = "sent", occurred: timedelta | None = None) -> Notification:
        number = next(numbers)
        at = NOW - age
        row = Notification.objects.create(
            id=UUID(int=first_id(at).int + number),
            account=shop,
            source=source,
            event_id=str(number),
            type="order_confirmed",
            occurred_at=NOW - (age if occurred is None else occurred),
            accepted_at=at,
            data=SAMPLES["order_confirmed"],
        )
        sent = Delivery.objects.create(
            notification=row, channel="email", recipient=f"{number}@ok.test", language="ja", status=status
        )
        SkippedRoute.objects.create(notification=row, channel="line", reason="line_not_linked")
        Attempt.objects.create(delivery=sent)
        MailReport.objects.create(
            key=str(number), way="smtp", kind="delayed", delivery=sent, sent_at=at, received_at=at
        )
        return row

    return tell


def forget() -> None:
    assert retention.forget_old(max_seconds=LIMIT_SECONDS) is False


def rows(*, without: tuple[str, ...] = ()) -> dict[str, str]:
    """Every table of ours, as text."""
    models = [model for app in ("accounts", "notifications") for model in apps.get_app_config(app).get_models()]
    found = {}
    with connection.cursor() as cursor:
        for model in models:
            if model.__name__ not in without:
                table = model._meta.db_table
                cursor.execute(f"SELECT string_agg(t::text, ' ' ORDER BY t::text) FROM {table} AS t")  # noqa: S608
                found[model.__name__] = cursor.fetchone()[0] or ""
    return found


def test_old_notifications_go_with_all_that_hangs_on_them(tell, hanako):
    old, young = tell(timedelta(days=400) + SECOND), tell(timedelta(days=400))
    ReadMark.objects.create(user=hanako, notification=old)

    forget()

    assert list(Notification.objects.all()) == [young]
    assert [Delivery.objects.get().notification, SkippedRoute.objects.get().notification] == [young, young]
    assert Attempt.objects.get().delivery.notification == young
    assert not ReadMark.objects.exists()
    assert MailReport.objects.count() == 2  # they go by an age of their own, and say what is known of an address


def test_what_still_waits_to_be_sent_stays_however_old(tell):
    waiting = tell(timedelta(days=500), status="queued")

    forget()

    assert list(Notification.objects.all()) == [waiting]


def test_an_event_that_is_forgotten_is_refused_by_its_time(shop, hanako, source, time_machine):
    now = datetime.fromtimestamp((uuid7().int >> 80) / 1000, UTC)  # ids are made by the clock of the machine
    time_machine.move_to(now)
    occurred = now + timedelta(minutes=4)  # the clock of the source runs ahead
    event = pipeline.Event("1", shop.public_id, "order_confirmed", occurred, SAMPLES["order_confirmed"])
    pipeline.notify_many(source, [event])
    Delivery.objects.update(status="sent")
    seen = []

    for minutes in range(-2, 8):
        time_machine.move_to(now + timedelta(days=400, minutes=minutes, seconds=30), tick=False)
        retention.forget_old(max_seconds=LIMIT_SECONDS)
        [result] = pipeline.notify_many(source, [event])
        seen.append(type(result).__name__)

    assert seen == ["Duplicate"] * 6 + ["Rejected"] * 4
    assert not Notification.objects.exists()


AGES = st.timedeltas(timedelta(), timedelta(days=800))


@settings(suppress_health_check=ONE_FIXTURE_FOR_ALL_EXAMPLES, max_examples=25)
@given(ages=st.lists(st.tuples(AGES, AGES, st.sampled_from(["sent", "held", "queued", "failed"])), max_size=8))
def test_exactly_what_is_old_goes(tell, ages):
    Notification.objects.all().delete()
    limit = timedelta(days=400)
    made = [(tell(age, status=status, occurred=occurred), age, occurred, status) for age, occurred, status in ages]

    forget()

    stay = {row.pk for row, age, occurred, status in made if min(age, occurred) <= limit or status == "queued"}
    assert set(Notification.objects.values_list("pk", flat=True)) == stay
    assert set(Delivery.objects.values_list("notification_id", flat=True)) == stay
    assert set(SkippedRoute.objects.values_list("notification_id", flat=True)) == stay


def test_messages_of_sources_lose_their_content_first(source):
    ages = {"fresh": 30, "emptied": 31, "border": 90, "gone": 91}
    for name, days in ages.items():
        at = NOW - timedelta(days=days)
        SourceMessage.objects.create(
            id=first_id(at), source=source, message_id=name, way="http", raw=b"{}", state="parked", received_at=at
        )

    forget()

    found = {row.message_id: row.raw and bytes(row.raw) for row in SourceMessage.objects.all()}
    assert found == {"fresh": b"{}", "emptied": None, "border": None}


def test_settings_say_for_how_long(source, settings):
    settings.RETENTION_RAW_DAYS, settings.RETENTION_WEBHOOK_DAYS = 1, 7
    at = NOW - timedelta(days=8)
    SourceMessage.objects.create(id=first_id(at), source=source, message_id="1", way="http", received_at=at)

    forget()

    assert not SourceMessage.objects.exists()


def test_what_is_done_and_read_no_more_goes(shop, source, hanako):
    day, old = timedelta(days=1), NOW - timedelta(days=401)
    for number, age in enumerate((90, 91)):
        at = NOW - day * age
        FailureNotice.objects.create(account=shop, channel="email", day=at.date(), due_at=None)
        Replay.objects.create(
            account=shop, mode="all", up_to=UUID(int=0), finished_at=at - number * SECOND, due_at=None
        )
    Replay.objects.create(account=shop, mode="all", up_to=UUID(int=0), started_at=old)
    CartOrder.objects.create(account=shop, source=source, order_id="1", status="shipped", changed_at=old)
    CartOrder.objects.create(account=shop, source=source, order_id="2", status="shipped", changed_at=NOW)
    CartOrder.objects.create(account=shop, source=source, order_id="3", status="shipped", changed_at=old, remind_at=NOW)

    forget()

    assert FailureNotice.objects.count() == 1
    assert Replay.objects.count() == 2
    assert sorted(CartOrder.objects.values_list("order_id", flat=True)) == ["2", "3"]


def test_line_users_whom_nobody_needs_go(shop, hanako):
    long_ago, lately = NOW - timedelta(days=91), NOW - timedelta(days=89)
    people = {
        "friend": {"followed_at": long_ago},
        "friend again": {"followed_at": long_ago, "unfollowed_at": long_ago - SECOND},
        "blocked us": {"followed_at": long_ago - SECOND, "unfollowed_at": long_ago},
        "blocked us lately": {"followed_at": long_ago, "unfollowed_at": lately},
        "looked in": {"profile_at": long_ago},
        "looked in lately": {"profile_at": lately},
        "was linked": {"unfollowed_at": long_ago},
        "was linked long ago": {"unfollowed_at": long_ago},
        "wrote lately": {"unfollowed_at": long_ago},
    }
    for name, moments in people.items():
        LineUser.objects.create(user_id=name, **moments)
    for name, days in (("was linked", 399), ("was linked long ago", 401)):
        LineLink.objects.create(
            account=shop,
            line_user_id=name,
            way="site",
            state="ended",
            ended_at=NOW - timedelta(days=days),
            end_reason="unlinked",
        )
    LineEvent.objects.create(id="1", type="message", user_id="wrote lately", at=lately, due_at=None)

    forget()

    gone = set(people) - set(LineUser.objects.values_list("pk", flat=True))
    assert gone == {"blocked us", "looked in", "was linked long ago"}


def test_everything_else_stays_byte_for_byte(tell, shop, hanako, other_shop, mika):
    tell(timedelta(days=1))
    tell(timedelta(days=399))
    User.objects.update(date_joined=NOW - timedelta(days=3000))
    SellerAccount.objects.update(created_at=NOW - timedelta(days=3000))
    before = rows()
    tell(timedelta(days=401))
    MailReport.objects.filter(delivery__notification__accepted_at__lt=NOW - timedelta(days=400)).delete()

    forget()

    assert rows() == before


def test_there_is_an_end_to_one_run(tell, monkeypatch):
    for _number in range(3):
        tell(timedelta(days=401))
    monkeypatch.setattr("notifications.operations.retention.BATCH", 1)
    monkeypatch.setattr("notifications.operations.retention.MAX_BATCHES", 2)

    out_of_time = retention.forget_old(max_seconds=0)
    untouched = Notification.objects.count()
    bounded = retention.forget_old(max_seconds=LIMIT_SECONDS)

    assert (out_of_time, untouched) == (True, 3)
    assert (bounded, Notification.objects.count()) == (False, 1)
    assert timezone.now() == NOW
