"""Sign-ups that nobody confirmed go after a week, and nothing else."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils import timezone

from accounts import tasks
from accounts.members import unconfirmed_sign_ups
from accounts.models import HistoryEntry, Membership, SellerAccount, User
from accounts.roles import Role
from notifications.models import EmergencyNotice, Notification, Source
from sellerhub.celery import app
from tests.accounts.test_sign_in import SIGN_UP


@pytest.fixture
def ichiko(client, db) -> User:
    """She signed up and opened no mail."""
    client.post(reverse("account_signup"), SIGN_UP)
    return User.objects.get(email="ichiko@ok.test")


def purge(days: float = 7.1) -> int:
    with time_machine.travel(timezone.now() + timedelta(days=days)):
        return unconfirmed_sign_ups.purge()


def test_an_unconfirmed_sign_up_goes_with_its_shop_after_a_week(ichiko, shop, hanako, taro, mika, omar):
    before = purge(days=6.9)
    gone = purge()
    again = purge()

    assert (before, gone, again) == (0, 1, 0)
    assert set(User.objects.all()) == {hanako, taro, mika, omar}
    assert set(SellerAccount.objects.values_list("name", flat=True)) == {"花子の器", "Mika Books"}
    assert (Membership.objects.count(), EmailAddress.objects.count()) == (3, 4)
    assert not HistoryEntry.objects.exists()


def test_whoever_confirmed_stays_signed_in_or_not(ichiko):
    EmailAddress.objects.update(verified=True)

    assert purge() == 0
    assert SellerAccount.objects.count() == 1


def test_a_new_address_that_waits_for_its_confirmation_endangers_nobody(hanako):
    EmailAddress.objects.create(user=hanako, email="new@ok.test")

    assert purge() == 0


@pytest.mark.parametrize(
    "fields", [{"is_staff": True}, {"is_superuser": True}, {"is_active": False}, {"last_login": timezone.now()}]
)
def test_operators_and_whoever_signed_in_or_was_switched_off_stay(ichiko, fields):
    User.objects.update(**fields)

    assert purge() == 0


def test_an_operator_without_an_address_to_confirm_stays(db):
    User.objects.create_superuser("root@ok.test", "a-long-Passphrase-9", name="Root")
    User.objects.create_user("robot@ok.test", name="Robot")

    assert purge() == 0


def test_a_shop_with_a_notification_stays_with_its_primary_user(ichiko):
    Notification.objects.create(
        account=SellerAccount.objects.get(),
        source=Source.objects.create(name="Marketplace"),
        type="order_confirmed",
        event_id="1",
        occurred_at=timezone.now(),
        data={},
    )

    assert purge() == 0
    assert (User.objects.count(), SellerAccount.objects.count(), Notification.objects.count()) == (1, 1, 1)


def test_anything_else_that_hangs_on_a_shop_keeps_it(ichiko):
    EmergencyNotice.objects.create(account=SellerAccount.objects.get(), by_name="Somebody")

    assert purge() == 0
    assert EmergencyNotice.objects.count() == 1


def test_a_shop_with_another_member_stays_with_its_primary_user(ichiko, hanako):
    Membership.objects.create(account=SellerAccount.objects.get(name="Ichiko Books"), user=hanako)

    assert purge() == 0


def test_a_secondary_user_of_anothers_shop_stays(ichiko, shop, hanako):
    Membership.objects.create(account=shop, user=ichiko, role=Role.SECONDARY)

    assert purge() == 0


def test_one_run_is_bounded_and_those_who_stay_do_not_stand_in_the_way(client, ichiko, hanako, monkeypatch):
    Membership.objects.create(account=SellerAccount.objects.get(name="Ichiko Books"), user=hanako)
    for number in range(3):
        client.post(reverse("account_signup"), SIGN_UP | {"email": f"n{number}@ok.test"})
    monkeypatch.setattr(unconfirmed_sign_ups, "MAX_AT_ONCE", 2)

    assert [purge(), purge(), purge()] == [2, 1, 0]


def test_the_timetable_rings_the_task(ichiko):
    entry = app.conf.beat_schedule["unconfirmed-sign-ups"]

    with time_machine.travel(timezone.now() + timedelta(days=8)):
        app.tasks[entry["task"]]()

    assert entry["task"] == tasks.purge_unconfirmed_sign_ups.name
    assert not User.objects.exists()
