import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from accounts.members import invitations, memberships
from accounts.models import Invitation, Membership
from accounts.roles import Role
from accounts.rule_violation import RuleViolationError
from tests.conftest import make_user


@pytest.fixture
def jiro(db):
    """Belongs to no shop yet."""
    return make_user("jiro@ok.test", "鈴木 次郎")


def test_an_invitation_keeps_only_the_hash_of_its_token(shop, hanako):
    invitation, token = invitations.invite(shop, "Jiro@ok.test", by=hanako)

    stored = Invitation.objects.get()
    assert stored == invitation
    assert stored.email == "jiro@ok.test"
    assert len(token) == 43
    assert token not in str(Invitation.objects.values().get())
    assert timezone.now() + timedelta(days=6, hours=23) < stored.expires_at < timezone.now() + timedelta(days=7)


def test_accepting_makes_a_secondary_user_with_the_right_of_the_invitation(shop, hanako, jiro):
    _invitation, token = invitations.invite(shop, "jiro@ok.test", by=hanako, edits_notifications=True)

    membership = invitations.accept(invitations.find(token), jiro)

    assert (membership.account, membership.role, membership.edits_notifications) == (shop, Role.SECONDARY, True)
    assert list(shop.history.order_by("pk").values_list("action", flat=True)) == [
        "invitation.sent",
        "member.joined",
    ]


def test_a_link_works_once(shop, hanako, jiro):
    _invitation, token = invitations.invite(shop, "jiro@ok.test", by=hanako)
    invitations.accept(invitations.find(token), jiro)
    memberships.remove(jiro.memberships.get(), by=hanako)

    with pytest.raises(RuleViolationError):
        invitations.accept(invitations.find(token), jiro)

    assert not jiro.memberships.exists()


def test_one_person_joins_no_more_shops_than_the_limit(shop, hanako, other_shop, mika, jiro, monkeypatch):
    monkeypatch.setattr(invitations, "SHOPS_OF_ONE_LIMIT", 1)
    _invitation, first = invitations.invite(shop, "jiro@ok.test", by=hanako)
    _invitation, second = invitations.invite(other_shop, "jiro@ok.test", by=mika)
    invitations.accept(invitations.find(first), jiro)

    with pytest.raises(RuleViolationError):
        invitations.accept(invitations.find(second), jiro)

    assert [membership.account for membership in jiro.memberships.all()] == [shop]
    assert invitations.find(second).is_open


def test_only_the_invited_address_may_accept(shop, hanako, mika):
    _invitation, token = invitations.invite(shop, "jiro@ok.test", by=hanako)

    with pytest.raises(RuleViolationError):
        invitations.accept(invitations.find(token), mika)

    assert not shop.memberships.filter(user=mika).exists()
    assert Invitation.objects.get().is_open


def test_a_link_expires_after_seven_days(shop, hanako, jiro):
    _invitation, token = invitations.invite(shop, "jiro@ok.test", by=hanako)

    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=1)), pytest.raises(RuleViolationError):
        invitations.accept(invitations.find(token), jiro)

    assert not jiro.memberships.exists()


def test_a_revoked_link_does_not_work(shop, hanako, jiro):
    invitation, token = invitations.invite(shop, "jiro@ok.test", by=hanako)
    invitations.revoke(invitation, by=hanako)

    with pytest.raises(RuleViolationError):
        invitations.accept(invitations.find(token), jiro)

    assert not jiro.memberships.exists()


def test_sending_again_makes_a_new_link_and_ends_the_old_one(shop, hanako, jiro):
    invitation, old = invitations.invite(shop, "jiro@ok.test", by=hanako)

    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        new = invitations.renew(invitation, by=hanako)
        invitations.accept(invitations.find(new), jiro)

    assert invitations.find(old) is None
    assert jiro.memberships.get().account == shop


def test_an_address_is_not_invited_twice_nor_when_it_is_a_member(shop, hanako, taro):
    invitations.invite(shop, "jiro@ok.test", by=hanako)

    for email in ("jiro@ok.test", "JIRO@ok.test", "taro@ok.test", "hanako@ok.test"):
        with pytest.raises(RuleViolationError):
            invitations.invite(shop, email, by=hanako)

    assert Invitation.objects.count() == 1


def test_an_expired_invitation_makes_room_for_a_new_one(shop, hanako):
    first, _token = invitations.invite(shop, "jiro@ok.test", by=hanako)

    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        second, _token = invitations.invite(shop, "jiro@ok.test", by=hanako)

    first.refresh_from_db()
    assert not first.is_open
    assert second.is_open


def test_open_invitations_and_members_have_limits(shop, hanako, monkeypatch):
    monkeypatch.setattr(invitations, "OPEN_LIMIT", 2)
    for number in range(2):
        invitations.invite(shop, f"a{number}@ok.test", by=hanako)

    with pytest.raises(RuleViolationError):
        invitations.invite(shop, "b@ok.test", by=hanako)
    monkeypatch.setattr(invitations, "OPEN_LIMIT", 20)
    monkeypatch.setattr(invitations, "MEMBERS_LIMIT", 3)
    with pytest.raises(RuleViolationError):
        invitations.invite(shop, "b@ok.test", by=hanako)

    assert Invitation.objects.count() == 2


def test_a_full_shop_takes_nobody_in_and_keeps_the_invitation_open(shop, hanako, jiro, monkeypatch):
    _invitation, token = invitations.invite(shop, "jiro@ok.test", by=hanako)
    monkeypatch.setattr(invitations, "MEMBERS_LIMIT", 1)

    with pytest.raises(RuleViolationError):
        invitations.accept(invitations.find(token), jiro)

    assert Invitation.objects.get().is_open
    assert not jiro.memberships.exists()


def test_a_secondary_user_cannot_invite_renew_or_revoke(shop, hanako, taro):
    invitation, token = invitations.invite(shop, "jiro@ok.test", by=hanako)

    for act in (
        lambda: invitations.invite(shop, "b@ok.test", by=taro),
        lambda: invitations.renew(invitation, by=taro),
        lambda: invitations.revoke(invitation, by=taro),
    ):
        with pytest.raises(RuleViolationError):
            act()

    assert invitations.find(token) == invitation
    assert Invitation.objects.get().is_open


@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_at_the_same_time_one_gets_in():
    hanako, jiro = make_user("hanako@ok.test", "花子"), make_user("jiro@ok.test", "次郎")
    shop = memberships.open_account(hanako, name="花子の器", language="ja", time_zone="Asia/Tokyo")
    _invitation, token = invitations.invite(shop, "jiro@ok.test", by=hanako)
    barrier, outcomes = threading.Barrier(2), []

    def click() -> None:
        invitation = invitations.find(token)
        barrier.wait()
        try:
            invitations.accept(invitation, jiro)
            outcomes.append("in")
        except RuleViolationError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["in", "refused"]
    assert Membership.objects.filter(user=jiro).count() == 1
