import threading
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.members import memberships
from accounts.models import HistoryEntry, Membership, SellerAccount, User
from accounts.roles import Role
from accounts.rule_violation import RuleViolationError
from tests.conftest import make_user
from tests.waiting import wait_until


def roles(shop: SellerAccount) -> dict[str, str]:
    return dict(shop.memberships.values_list("user__email", "role"))


def actions(shop: SellerAccount) -> list[tuple[str, str]]:
    return list(shop.history.order_by("pk").values_list("action", "actor_name"))


def test_opening_a_shop_makes_the_person_its_primary_user(mika):
    opened = memberships.open_account(mika, name="Second", language="en", time_zone="Europe/Berlin")

    assert roles(opened) == {"mika@ok.test": Role.PRIMARY}
    assert (opened.name, opened.language, opened.time_zone, opened.plan) == (
        *("Second", "en", "Europe/Berlin"),
        "individual",
    )
    assert actions(opened) == [("account.opened", "Mika Tanaka")]


def test_one_person_opens_no_more_shops_than_the_limit(mika, monkeypatch):
    monkeypatch.setattr(memberships, "SHOPS_LIMIT", 2)
    memberships.open_account(mika, name="Second", language="en", time_zone="UTC")

    with pytest.raises(RuleViolationError):
        memberships.open_account(mika, name="Third", language="en", time_zone="UTC")

    assert set(SellerAccount.objects.values_list("name", flat=True)) == {"Mika Books", "Second"}


def test_the_right_is_granted_and_withdrawn_once(shop, hanako, taro):
    membership = taro.memberships.get()

    memberships.set_notification_right(membership, granted=True, by=hanako)
    memberships.set_notification_right(membership, granted=True, by=hanako)
    granted = taro.memberships.get().may_edit_notifications
    memberships.set_notification_right(membership, granted=False, by=hanako)

    assert granted is True
    assert taro.memberships.get().may_edit_notifications is False
    assert actions(shop) == [("member.right_granted", "山田 花子"), ("member.right_withdrawn", "山田 花子")]


def test_remove_ends_the_membership(shop, hanako, taro):
    memberships.remove(taro.memberships.get(), by=hanako)

    assert roles(shop) == {"hanako@ok.test": Role.PRIMARY}
    assert HistoryEntry.objects.get().detail == {"member": "佐藤 太郎"}


def test_leave_ends_ones_own_membership(shop, hanako, taro):
    memberships.leave(taro.memberships.get())

    assert roles(shop) == {"hanako@ok.test": Role.PRIMARY}
    assert actions(shop) == [("member.left", "佐藤 太郎")]


def test_the_primary_user_neither_leaves_nor_is_removed(shop, hanako, taro):
    membership = hanako.memberships.get()

    for act in (lambda: memberships.leave(membership), lambda: memberships.remove(membership, by=hanako)):
        with pytest.raises(RuleViolationError):
            act()

    assert roles(shop) == {"hanako@ok.test": Role.PRIMARY, "taro@ok.test": Role.SECONDARY}
    assert actions(shop) == []


def test_hand_over_swaps_the_roles_and_leaves_no_further_right(shop, hanako, taro):
    Membership.objects.filter(user=taro).update(edits_notifications=True)

    memberships.hand_over(shop, by=hanako, to=taro.memberships.get())

    assert roles(shop) == {"hanako@ok.test": Role.SECONDARY, "taro@ok.test": Role.PRIMARY}
    assert not shop.memberships.filter(edits_notifications=True).exists()
    assert actions(shop) == [("account.handed_over", "山田 花子")]


def test_hand_over_goes_only_to_a_secondary_user_of_the_same_shop(shop, hanako, taro, mika):
    for receiver in (mika, hanako):
        with pytest.raises(RuleViolationError):
            memberships.hand_over(shop, by=hanako, to=receiver.memberships.get())

    assert roles(shop) == {"hanako@ok.test": Role.PRIMARY, "taro@ok.test": Role.SECONDARY}
    assert roles(mika.memberships.get().account) == {"mika@ok.test": Role.PRIMARY}


def test_nobody_who_cannot_sign_in_becomes_the_primary_user(shop, hanako, taro):
    User.objects.filter(pk=taro.pk).update(is_active=False)

    with pytest.raises(RuleViolationError):
        memberships.hand_over(shop, by=hanako, to=taro.memberships.get())

    assert roles(shop) == {"hanako@ok.test": Role.PRIMARY, "taro@ok.test": Role.SECONDARY}


def test_a_former_primary_user_can_do_nothing_with_an_old_page(shop, hanako, taro):
    former, receiver = hanako.memberships.get(), taro.memberships.get()
    memberships.hand_over(shop, by=hanako, to=receiver)
    before = roles(shop)

    for act in (
        lambda: memberships.hand_over(shop, by=hanako, to=former),
        lambda: memberships.remove(receiver, by=hanako),
        lambda: memberships.set_notification_right(former, granted=True, by=hanako),
        lambda: memberships.change_details(shop, by=hanako, name="X", language="en", time_zone="UTC"),
    ):
        with pytest.raises(RuleViolationError):
            act()

    assert roles(shop) == before
    assert SellerAccount.objects.get(pk=shop.pk).name == "花子の器"


def test_changed_details_are_written_down_and_unchanged_ones_are_not(shop, hanako):
    same = {"name": shop.name, "language": "ja", "time_zone": "Asia/Tokyo"}

    memberships.change_details(shop, by=hanako, **same)
    memberships.change_details(shop, by=hanako, **(same | {"name": "花子の店"}))

    assert SellerAccount.objects.get(pk=shop.pk).name == "花子の店"
    assert HistoryEntry.objects.get().detail == {"name": "花子の店"}


def test_the_database_allows_no_second_primary_user(shop, hanako, taro):
    with pytest.raises(IntegrityError, match="membership_one_primary"), transaction.atomic():
        Membership.objects.filter(user=taro).update(role=Role.PRIMARY)


@pytest.mark.django_db(transaction=True)
def test_of_two_hand_overs_at_the_same_time_one_is_refused():
    shop, hanako, receivers = _shop_of_three()

    outcomes = _at_the_same_time(
        *(lambda to=to: memberships.hand_over(shop, by=hanako, to=to.memberships.get()) for to in receivers)
    )

    assert sorted(outcomes) == ["done", "refused"]
    assert sorted(roles(shop).values()) == [Role.PRIMARY, Role.SECONDARY, Role.SECONDARY]


@pytest.mark.django_db(transaction=True)
def test_hand_over_and_removal_of_the_receiver_at_the_same_time_leave_one_primary_user():
    shop, hanako, (taro, _jiro) = _shop_of_three()
    membership = taro.memberships.get()

    outcomes = _at_the_same_time(
        lambda: memberships.hand_over(shop, by=hanako, to=membership),
        lambda: memberships.remove(membership, by=hanako),
    )

    assert sorted(outcomes) == ["done", "refused"]
    assert list(roles(shop).values()).count(Role.PRIMARY) == 1


@pytest.mark.django_db(transaction=True)
def test_everybody_always_sees_exactly_one_primary_user():
    shop, hanako, (taro, _jiro) = _shop_of_three()
    stop, seen = threading.Event(), set()

    def watch() -> None:
        while not stop.is_set():
            seen.add(Membership.objects.filter(account=shop, role=Role.PRIMARY).count())
        connection.close()

    watcher = threading.Thread(target=watch)
    watcher.start()
    wait_until(lambda: seen, "somebody looks on")
    holder, other = hanako, taro
    for _turn in range(15):
        memberships.hand_over(shop, by=holder, to=other.memberships.get())
        holder, other = other, holder
    stop.set()
    watcher.join()

    assert seen == {1}


def _shop_of_three() -> tuple[SellerAccount, User, tuple[User, User]]:
    hanako, taro, jiro = (make_user(f"{name}@ok.test", name) for name in ("hanako", "taro", "jiro"))
    shop = memberships.open_account(hanako, name="花子の器", language="ja", time_zone="Asia/Tokyo")
    for user in (taro, jiro):
        Membership.objects.create(account=shop, user=user)
    return shop, hanako, (taro, jiro)


def _at_the_same_time(*acts: Callable[[], object]) -> list[str]:
    barrier, outcomes = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            act()
            outcomes.append("done")
        except RuleViolationError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
