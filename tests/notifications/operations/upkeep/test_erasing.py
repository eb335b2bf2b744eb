"""Whoever is erased is named nowhere any more, and nobody else notices."""

from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.activity.member_log import record
from accounts.models import HistoryEntry, Invitation, Membership, OperatorAction, SellerAccount, User
from notifications.models import (
    Address,
    Broadcast,
    Deauthorization,
    Delivery,
    LineUser,
    Notification,
    SkippedRoute,
    SourceMessage,
)
from tests.conftest import make_user
from tests.notifications.operations.upkeep.everything import rows, traces, world

pytestmark = pytest.mark.django_db

TARO_ON_LINE, HANAKO_ON_LINE, MIKA_ON_LINE = "U" + "1" * 32, "U" + "2" * 32, "U" + "3" * 32
OF_TARO = ("taro@ok.test", "佐藤 太郎", TARO_ON_LINE, "たろう")
NEARLY_TARO = ("xtaro@ok.test", "taro@ok.test.example", "taro@ok.tester")


def erase(*arguments: str) -> str:
    out = StringIO()
    call_command("erase", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def full(shop, hanako, taro, other_shop, mika, omar):
    """Returns the rows of Mika's shop and of Mika, which are nobody else's business."""
    before = rows()
    world(other_shop, mika, line_id=MIKA_ON_LINE, line_name="ミカ")
    for email in NEARLY_TARO:
        Address.objects.create(account=other_shop, email=email)
    mikas = rows() - before
    world(shop, hanako, line_id=HANAKO_ON_LINE, line_name="はなこ")
    world(shop_of(taro), taro, line_id=TARO_ON_LINE, line_name="たろう")
    return mikas


def shop_of(user: User) -> SellerAccount:
    """A second shop, where he is a member besides its own primary user."""
    jiro = make_user("jiro@ok.test", "鈴木 次郎")
    account = SellerAccount.objects.create(name="次郎の本")
    Membership.objects.create(account=account, user=jiro, role="primary")
    Membership.objects.create(account=account, user=user)
    return account


def test_the_world_has_traces_to_erase(full):
    kinds = {place.partition(":")[0] for place in traces(*OF_TARO)}

    assert len(kinds) > 20


def test_a_person_is_erased_everywhere(full):
    erase("person", "Taro@ok.test", "--yes")

    assert [place for place in traces(*OF_TARO) if not place.startswith("Deauthorization.")] == [
        "Address.email: taro@ok.test" for _email in NEARLY_TARO
    ]
    assert not full - rows()


def test_what_belongs_to_the_shop_stays_without_the_name(full):
    told, entries = Notification.objects.count(), HistoryEntry.objects.count()

    erase("person", "taro@ok.test", "--yes")

    of_taro = Delivery.objects.filter(recipient__startswith="erased")
    assert Notification.objects.count() == told
    assert HistoryEntry.objects.count() == entries
    assert sorted(of_taro.values_list("channel", "status")) == [
        *[("email", "cancelled")] * 4,
        *[("email", "sent")] * 2,
        ("line", "sent"),
    ]
    assert HistoryEntry.objects.filter(action="member.joined", actor_name="erased").count() == 1
    assert SkippedRoute.objects.filter(detail__by="佐藤 太郎").count() == 0
    assert SkippedRoute.objects.filter(detail__by="山田 花子").exists()


def test_a_former_name_goes_too(full, shop, hanako, taro):
    record(shop, "member.joined", by=taro)
    record(shop, "member.right_granted", by=hanako, member=taro.name)
    User.objects.filter(pk=taro.pk).update(name="佐藤 次郎")

    erase("person", "taro@ok.test", "--yes")

    assert traces("佐藤 太郎") == []


def test_the_act_is_written_down_without_the_person(full):
    erase("person", "taro@ok.test", "--yes")

    act = OperatorAction.objects.latest("id")
    assert (act.act, act.operator, act.account, act.operator_name) == ("person.erased", None, None, "")
    assert act.detail == {"shops": 0, "deliveries": 7, "sessions": 1}


def test_line_is_still_told_that_the_consent_ended(full):
    erase("person", "taro@ok.test", "--yes")

    assert list(Deauthorization.objects.values_list("line_user_id", flat=True)) == [TARO_ON_LINE]
    assert sorted(LineUser.objects.values_list("pk", flat=True)) == [HANAKO_ON_LINE, MIKA_ON_LINE]


def test_whoever_is_erased_is_signed_out(full, taro, mika):
    his, hers = Client(), Client()
    his.force_login(taro)
    hers.force_login(mika)
    before = Session.objects.count()

    erase("person", "taro@ok.test", "--yes")

    assert his.get("/account/email/")["Location"].startswith("/account/login/")
    assert hers.get("/account/email/").status_code == 200
    assert Session.objects.count() == before - 2


def test_without_yes_it_is_only_said(full):
    before = rows()

    said = erase("person", "taro@ok.test")

    assert rows() == before
    assert "  2 × membership\n" in said
    assert said.endswith("Nothing was changed. Add --yes to do it.\n")
    assert "taro" not in said


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (
            ["person", "hanako@ok.test", "--with-shop"],
            "has other members: have the primary role handed over first.",
        ),
        (["person", "mika@ok.test"], "it would be nobody's. Add --with-shop to erase it, too."),
        (["person", "nobody@ok.test"], "Nobody here has this address."),
        (["shop", "NOSUCHSHOP"], "There is no shop with this seller ID."),
    ],
)
def test_what_cannot_be_done_changes_nothing(full, arguments, why):
    before = rows()

    with pytest.raises(CommandError) as refused:
        erase(*arguments, "--yes")

    assert str(refused.value).endswith(why)
    assert rows() == before


def test_the_last_member_takes_the_shop_along(full, other_shop):
    erase("person", "mika@ok.test", "--with-shop", "--yes")

    words = ("mika@ok.test", "Mika Tanaka", MIKA_ON_LINE, "ミカ", "Mika Books", other_shop.public_id)
    assert [place for place in traces(*words) if not place.startswith("Deauthorization.")] == []
    assert not SellerAccount.objects.filter(pk=other_shop.pk).exists()
    assert Deauthorization.objects.count() == 2


def test_somebody_who_only_gets_mail_can_be_erased(full, shop):
    Address.objects.create(account=shop, email="Accountant@ok.test")

    erase("person", "accountant@OK.test", "--yes")

    assert traces("accountant@ok.test") == []
    assert not full - rows()


def test_an_invited_person_can_be_erased(full):
    email = Invitation.objects.filter(email__startswith="invited-by").first().email

    erase("person", email, "--yes")

    assert traces(email) == []


def test_a_shop_is_erased_everywhere(full, shop, other_shop):
    public_id = shop.public_id

    erase("shop", public_id, "--yes")

    assert traces(public_id, "花子の器") == []
    assert not SellerAccount.objects.filter(pk=shop.pk).exists()
    assert User.objects.filter(email="hanako@ok.test").exists()
    assert not full - rows()
    assert OperatorAction.objects.latest("id").detail == {"notifications": 6, "members": 2}


def test_a_broadcast_to_an_erased_shop_alone_does_not_become_one_to_all(full, shop):
    erase("shop", shop.public_id, "--yes")

    assert sorted(len(row.sellers) for row in Broadcast.objects.all()) == [1, 1, 1]


def test_a_shop_whose_source_brought_news_of_another_stays(full, shop, other_shop):
    foreign = Notification.objects.filter(account=other_shop).first()
    Notification.objects.filter(pk=foreign.pk).update(source=shop.sources.get())
    before = rows()

    with pytest.raises(CommandError, match="A source of the shop"):
        erase("shop", shop.public_id, "--yes")

    assert rows() == before


def test_when_it_breaks_off_nothing_was_done(full, monkeypatch):
    before = rows()
    monkeypatch.setattr("notifications.operations.erasure.person.operator_log.record", lambda *_a, **_k: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        erase("person", "taro@ok.test", "--yes")

    assert rows() == before


def test_messages_of_sources_are_emptied_where_they_name_the_person(full):
    erase("person", "taro@ok.test", "--yes")

    emptied = SourceMessage.objects.filter(raw=None)
    assert emptied.count() == 2
    assert set(emptied.values_list("detail", flat=True)) == {"erased"}
